# Flags that every target of the project shares.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

# Warnings are errors in our own code; link targets that hold it to this one.
add_library(sluice_warnings INTERFACE)
target_compile_options(sluice_warnings INTERFACE -Wall -Wextra -Werror)

if(SLUICE_SANITIZER)
  if(NOT SLUICE_SANITIZER MATCHES "^(address|thread)$")
    message(FATAL_ERROR
      "SLUICE_SANITIZER is '${SLUICE_SANITIZER}'; it takes 'address', 'thread' or nothing")
  endif()
  add_compile_options(-fsanitize=${SLUICE_SANITIZER} -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${SLUICE_SANITIZER})
endif()
if(SLUICE_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "SLUICE_FUZZ needs Clang, which brings libFuzzer")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
                      -fno-sanitize=vptr -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(NOT SLUICE_CONTEXT MATCHES "^(native|boost)$")
  message(FATAL_ERROR "SLUICE_CONTEXT is '${SLUICE_CONTEXT}'; it takes 'native' or 'boost'")
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
