// Writes through a temporary file, and looks at the errors that streams keep.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/OutputFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

namespace sluice::checker::findings {
namespace {

namespace fs = llvm::sys::fs;

/// A stream that still has its error when it ends would end the program.
llvm::Error takeError(llvm::raw_fd_ostream &out) {
  out.flush();
  std::error_code error = out.error();
  out.clear_error();
  return error ? llvm::createStringError(error, error.message()) : llvm::Error::success();
}

llvm::Error writeInto(llvm::StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> writer) {
  std::error_code error;
  llvm::raw_fd_ostream out(path, error, fs::CD_OpenExisting, fs::FA_Write, fs::OF_None);
  if (error)
    return llvm::createStringError(error, error.message());
  writer(out);
  return takeError(out);
}

llvm::Error replace(llvm::StringRef path, const fs::file_status &old,
                    llvm::function_ref<void(llvm::raw_ostream &)> writer) {
  llvm::Expected<fs::TempFile> file = fs::TempFile::create(path + ".%%%%%%.tmp");
  if (!file)
    return file.takeError();
  llvm::Error failure = [&] {
    llvm::raw_fd_ostream out(file->FD, /*shouldClose=*/false);
    writer(out);
    return takeError(out);
  }();
  if (!failure && fs::exists(old))
    fs::setPermissions(file->FD, old.permissions());
  if (!failure)
    return file->keep(path);
  return llvm::joinErrors(std::move(failure), file->discard());
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
  if (fs::exists(old) && !fs::is_regular_file(old))
    return writeInto(target, writer);
  return replace(target, old, writer);
}

llvm::Error flushOutput() { return takeError(llvm::outs()); }

} // namespace sluice::checker::findings
