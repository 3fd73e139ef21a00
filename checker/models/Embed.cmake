# Writes the model files into one C++ source, so that the checker needs no files at run time.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# cmake -DOUTPUT=x.cpp "-DFILES=a.yaml;b.yaml" -P Embed.cmake

set(entries "")
set(source "// Made by Embed.cmake from the model files.\n#include \"models/BuiltinModels.h\"\n\n")
string(APPEND source "namespace sluice::checker::models {\nnamespace {\n")
set(index 0)
foreach(file IN LISTS FILES)
  # As numbers: a string literal would meet the compilers' limits on its length.
  file(READ "${file}" bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  get_filename_component(name "${file}" NAME)
  string(APPEND source "constexpr char text${index}[] = {${bytes}0x00};\n")
  string(APPEND entries "    {\"${name}\", {text${index}, sizeof(text${index}) - 1}},\n")
  math(EXPR index "${index} + 1")
endforeach()
string(APPEND source "constexpr BuiltinModelFile files[] = {\n${entries}};\n} // namespace\n\n")
string(APPEND source "llvm::ArrayRef<BuiltinModelFile> builtinModelFiles() { return files; }\n")
string(APPEND source "} // namespace sluice::checker::models\n")
file(WRITE "${OUTPUT}" "${source}")
