# Writes the parts of the HTML report into one C++ source, so that it needs no files at run time.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DOUTPUT=x.cpp -DFOLDER=page -P EmbedPage.cmake
set(source "// Made by EmbedPage.cmake from checker/findings/page.\n#include \"findings/ReportPage.h\"\n\n")
string(APPEND source "namespace sluice::checker::findings {\n")
foreach(part html css js)
  # As numbers: a string literal would meet the compilers' limits on its length.
  file(READ "${FOLDER}/report.${part}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "char(0x\\1)," bytes "${bytes}")
  string(APPEND source "static constexpr char ${part}[] = {${bytes}0};\n")
endforeach()
string(APPEND source "ReportPage reportPage() {\n")
string(APPEND source "  return {{html, sizeof(html) - 1}, {css, sizeof(css) - 1}, {js, sizeof(js) - 1}};\n}\n")
string(APPEND source "} // namespace sluice::checker::findings\n")
file(WRITE "${OUTPUT}" "${source}")
