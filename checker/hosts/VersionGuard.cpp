// Refuses to live in a tool of another LLVM version, before anything else runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A module of one version in the tool of another reports nothing and ends with status 0, or
// crashes. The guard uses no LLVM code: in the wrong tool none of it can be trusted. Each module
// has it compiled in, with SLUICE_MODULE and SLUICE_TOOL as the names for the message.
#include <dlfcn.h>
#include <link.h>

#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <unistd.h>

namespace {

/// The major version in "libLLVM.so.19.1", "libLLVM-14.so.1" or "libclang-cpp.so.14"; 0 if `path`
/// is no library of LLVM's.
unsigned long versionIn(const char *path) {
  const char *slash = std::strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  for (const char *stem : {"libLLVM-", "libLLVM.so.", "libclang-cpp.so."})
    if (std::strncmp(name, stem, std::strlen(stem)) == 0)
      return std::strtoul(name + std::strlen(stem), nullptr, 10);
  return 0;
}

int differs(dl_phdr_info *library, size_t, void *) {
  unsigned long version = versionIn(library->dlpi_name);
  return version != 0 && version != SLUICE_LLVM_MAJOR_NUMBER;
}

/// A tool that holds LLVM itself, without a shared library, still tells its version.
bool toolDiffers() {
  using GetVersion = void (*)(unsigned *, unsigned *, unsigned *);
  auto get = reinterpret_cast<GetVersion>(dlsym(RTLD_DEFAULT, "LLVMGetVersion"));
  unsigned major = SLUICE_LLVM_MAJOR_NUMBER, minor = 0, patch = 0;
  if (get)
    get(&major, &minor, &patch);
  return major != SLUICE_LLVM_MAJOR_NUMBER;
}

__attribute__((constructor(101))) void refuseOtherVersions() {
  if (!dl_iterate_phdr(differs, nullptr) && !toolDiffers())
    return;
  static constexpr char message[] =
      "sluice: error: " SLUICE_MODULE " is made for " SLUICE_TOOL " " SLUICE_LLVM_MAJOR
      ", and this is another version; use " SLUICE_TOOL "-" SLUICE_LLVM_MAJOR
      ", or build Sluice with the LLVM of this one\n";
  if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
    _exit(3);
  _exit(2);
}

} // namespace
