# Declares the project's kinds of test.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
find_package(Python3 REQUIRED COMPONENTS Interpreter)
find_file(SLUICE_LIT lit.py
  PATHS /usr/lib/llvm-19/build/utils/lit /usr/lib/llvm-19/share/utils/lit
  NO_DEFAULT_PATH DOC "The lit test runner, from llvm-19-tools")
if(NOT SLUICE_LIT)
  message(FATAL_ERROR "lit was not found; install llvm-19-tools, pass -DSLUICE_LIT=path/to/lit.py, "
                      "or configure with -DSLUICE_TESTS=OFF")
endif()

file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/results)

# sluice_lit_suite(name folder [arguments of lit...]): one lit suite as one ctest test. Results lie
# in results/lit-<name>.xml, where tools/test counts them one by one.
function(sluice_lit_suite name folder)
  add_test(NAME ${name}
    COMMAND ${Python3_EXECUTABLE} ${SLUICE_LIT} -sv
            --xunit-xml-output ${PROJECT_BINARY_DIR}/results/lit-${name}.xml ${ARGN} ${folder})
  set_tests_properties(${name} PROPERTIES TIMEOUT 2400 RUN_SERIAL ON)
endfunction()

# sluice_gtest_suite(name program [arguments...]): one run of a GoogleTest program. Results lie in
# results/gtest-<name>.xml, where tools/test counts them one by one.
function(sluice_gtest_suite name program)
  add_test(NAME ${name}
    COMMAND ${program} --gtest_output=xml:${PROJECT_BINARY_DIR}/results/gtest-${name}.xml ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()

# sluice_python_test(name script [arguments...]): a script that exits with 0 when all is well.
function(sluice_python_test name script)
  add_test(NAME ${name} COMMAND ${Python3_EXECUTABLE} ${script} ${ARGN})
  set_tests_properties(${name} PROPERTIES TIMEOUT 600)
endfunction()
