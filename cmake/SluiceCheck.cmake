# Gives projects sluice_check(target), which has `sluice check` judge a target's sources as part of a build.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#   sluice_check(<target> [ALL] [ARGUMENTS <argument>...] [DEPENDS <file>...])
#
# adds the target <target>-sluice, and makes the target sluice-check do it too. With ALL the default
# build does. ARGUMENTS go to `sluice check`; DEPENDS are files that they name, such as a baseline.
# It runs again when a source, or a header that one includes, has changed.
cmake_minimum_required(VERSION 3.24)
include_guard(GLOBAL)

find_program(SLUICE_EXECUTABLE sluice
  HINTS ${CMAKE_CURRENT_LIST_DIR}/../../../bin ${CMAKE_CURRENT_LIST_DIR}/../../../../bin
  DOC "The sluice command")

function(sluice_check target)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "ALL" "" "ARGUMENTS;DEPENDS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sluice_check(${target}): unknown '${ARG_UNPARSED_ARGUMENTS}'; "
                        "it takes ALL, ARGUMENTS and DEPENDS")
  endif()
  if(NOT TARGET ${target})
    message(FATAL_ERROR "sluice_check: there is no target '${target}'")
  endif()
  if(NOT SLUICE_EXECUTABLE)
    message(FATAL_ERROR "sluice_check(${target}): the sluice command was not found; install it, "
                        "or pass -DSLUICE_EXECUTABLE=/path/to/sluice")
  endif()
  if(NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles")
    message(FATAL_ERROR "sluice_check(${target}): '${CMAKE_GENERATOR}' writes no compilation "
                        "database; use Ninja or Makefiles")
  endif()
  set_property(TARGET ${target} PROPERTY EXPORT_COMPILE_COMMANDS ON)
  get_target_property(folder ${target} SOURCE_DIR)
  # Names are relative to the target's folder; CMake makes lists of them absolute from 3.27 on.
  set(code "$<FILTER:$<TARGET_PROPERTY:${target},SOURCES>,INCLUDE,\\.(c|C|cc|cpp|cxx|c\\+\\+)$>")
  set(relative "$<FILTER:${code},EXCLUDE,^/>")
  set(files "$<FILTER:${code},INCLUDE,^/>"
            "$<$<BOOL:${relative}>:${folder}/$<JOIN:${relative},;${folder}/>>")
  # Without a file, `sluice check` would judge all of the database.
  set(unless_none "$<$<NOT:$<BOOL:${code}>>:${CMAKE_COMMAND};-E;true>")
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${target}-sluice.stamp)
  set(configuration ${CMAKE_SOURCE_DIR}/.clang-tidy)
  if(EXISTS ${configuration})
    list(APPEND ARG_DEPENDS ${configuration})
  endif()
  # The objects are made anew when a header changes, which the build system knows best.
  add_custom_command(
    OUTPUT ${stamp}
    COMMAND "${unless_none}" ${SLUICE_EXECUTABLE} check -p ${CMAKE_BINARY_DIR} ${ARG_ARGUMENTS}
            "${files}"
    COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
    DEPENDS ${SLUICE_EXECUTABLE} ${ARG_DEPENDS} "$<TARGET_OBJECTS:${target}>"
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
    COMMENT "Judging ${target} with sluice"
    COMMAND_EXPAND_LISTS VERBATIM)
  set(all "")
  if(ARG_ALL)
    set(all ALL)
  endif()
  add_custom_target(${target}-sluice ${all} DEPENDS ${stamp})
  if(NOT TARGET sluice-check)
    add_custom_target(sluice-check)
  endif()
  add_dependencies(sluice-check ${target}-sluice)
endfunction()
