# Writes the check pages into one C++ source, so that `sluice explain` needs no files at run time.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DOUTPUT=x.cpp "-DFILES=a.md;b.md" -P EmbedPages.cmake
set(entries "")
set(source "// Made by EmbedPages.cmake from docs/checks.\n#include \"checks/Pages.h\"\n\n")
string(APPEND source "namespace sluice::checker::checks {\nnamespace {\n")
set(index 0)
foreach(file IN LISTS FILES)
  # As numbers: a string literal would meet the compilers' limits on its length.
  file(READ "${file}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "char(0x\\1)," bytes "${bytes}")
  get_filename_component(id "${file}" NAME_WE)
  string(APPEND source "constexpr char page${index}[] = {${bytes}0};\n")
  string(APPEND entries "    {\"${id}\", {page${index}, sizeof(page${index}) - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND source "const Page all[] = {\n${entries}};\n} // namespace\n\n")
string(APPEND source "llvm::ArrayRef<Page> pages() { return all; }\n")
string(APPEND source "} // namespace sluice::checker::checks\n")
file(WRITE "${OUTPUT}" "${source}")
