# Installs the runtime with a CMake package and a pkg-config file; the checker's parts install themselves.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
include(CMakePackageConfigHelpers)

# What a program that links libsluice.a must link too, as -l flags.
get_property(libraries GLOBAL PROPERTY SLUICE_RUNTIME_LIBRARIES)
list(REMOVE_DUPLICATES libraries)
set(SLUICE_STATIC_DEPENDENCIES "")
foreach(library IN LISTS libraries)
  if(library STREQUAL "Boost::context")
    set(library boost_context)
  elseif(library MATCHES "::")
    message(FATAL_ERROR "SluiceInstall.cmake does not know how to install a use of '${library}'")
  elseif(IS_ABSOLUTE ${library})
    get_filename_component(library ${library} NAME_WE)
    string(REGEX REPLACE "^lib" "" library ${library})
  endif()
  string(REGEX REPLACE "^-l" "" library ${library})
  list(APPEND SLUICE_STATIC_DEPENDENCIES -l${library})
endforeach()
list(JOIN SLUICE_STATIC_DEPENDENCIES " " SLUICE_PRIVATE_LIBS)

install(TARGETS sluice_runtime sluice_runtime_shared
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/runtime/include/sluice
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT runtime FILES_MATCHING PATTERN "*.hpp")
install(FILES ${PROJECT_SOURCE_DIR}/tools/gdb/sluice.py
  DESTINATION ${CMAKE_INSTALL_DATADIR}/sluice/gdb COMPONENT runtime)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/Sluice)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/SluiceConfig.cmake.in
  ${PROJECT_BINARY_DIR}/SluiceConfig.cmake INSTALL_DESTINATION ${package_folder}
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/SluiceConfig.cmake
  ${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake
  DESTINATION ${package_folder} COMPONENT runtime)

file(RELATIVE_PATH SLUICE_PC_TO_PREFIX
  ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/cmake/sluice.pc.in ${PROJECT_BINARY_DIR}/sluice.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sluice.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT runtime)
