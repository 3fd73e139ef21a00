// Which checks run on a file: the command line's choice over the one in .clang-tidy.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/CheckGlobs.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <memory>

namespace clang::tidy {
class FileOptionsProvider;
}

namespace sluice::checker::standalone {

/// Answers whether a check is on for a file.
class CheckSelection {
public:
  /// `list` is what `--checks` says; a name in it that fits no check is an error.
  static llvm::Expected<CheckSelection> create(llvm::StringRef list);
  CheckSelection(CheckSelection &&) noexcept;
  ~CheckSelection();

  /// Whether the check `id` is to run on `file`.
  bool enabled(llvm::StringRef file, llvm::StringRef id);

private:
  explicit CheckSelection(llvm::StringRef list);
  const findings::CheckGlobs &configured(llvm::StringRef file);

  findings::CheckGlobs chosen;
  std::unique_ptr<clang::tidy::FileOptionsProvider> provider;
  llvm::StringMap<findings::CheckGlobs> byDirectory;
};

} // namespace sluice::checker::standalone
