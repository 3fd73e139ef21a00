// Writes through a temporary file, and looks at the errors that streams keep.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/OutputFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

namespace sluice::checker::findings {
namespace {

namespace fs = llvm::sys::fs;

llvm::Error cannotWrite(const llvm::Twine &what, const llvm::Twine &why) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 "cannot write " + what + ": " + why);
}

/// A stream that still has its error when it ends would end the program.
std::error_code takeError(llvm::raw_fd_ostream &out) {
  out.flush();
  std::error_code error = out.error();
  out.clear_error();
  return error;
}

std::error_code writeInto(llvm::StringRef path,
                          llvm::function_ref<void(llvm::raw_ostream &)> writer) {
  std::error_code error;
  llvm::raw_fd_ostream out(path, error, fs::CD_OpenExisting, fs::FA_Write, fs::OF_None);
  if (error)
    return error;
  writer(out);
  return takeError(out);
}

std::error_code replace(llvm::StringRef path, const fs::file_status &old,
                        llvm::function_ref<void(llvm::raw_ostream &)> writer) {
  llvm::Expected<fs::TempFile> file = fs::TempFile::create(path + ".%%%%%%.tmp");
  if (!file)
    return llvm::errorToErrorCode(file.takeError());
  std::error_code failure = [&] {
    llvm::raw_fd_ostream out(file->FD, /*shouldClose=*/false);
    writer(out);
    return takeError(out);
  }();
  if (!failure && fs::exists(old))
    fs::setPermissions(file->FD, old.permissions());
  if (!failure)
    return llvm::errorToErrorCode(file->keep(path));
  llvm::consumeError(file->discard()); // the first error says more
  return failure;
}

} // namespace

llvm::Error writeFile(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> writer) {
  if (path == "-") {
    writer(llvm::outs());
    return flushOutput();
  }
  llvm::SmallString<256> target(path), real;
  if (!fs::real_path(path, real)) // a link, perhaps
    target = real;
  fs::file_status old;
  fs::status(target, old);
  bool isSpecial = fs::exists(old) && !fs::is_regular_file(old);
  std::error_code error = isSpecial ? writeInto(target, writer) : replace(target, old, writer);
  return error ? cannotWrite("'" + path + "'", error.message()) : llvm::Error::success();
}

llvm::Error flushOutput() {
  std::error_code error = takeError(llvm::outs());
  return error ? cannotWrite("the standard output", error.message()) : llvm::Error::success();
}

} // namespace sluice::checker::findings
