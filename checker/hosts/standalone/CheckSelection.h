// Which checks run on a file, with which options: the command line's choice over .clang-tidy's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckOptions.h"
#include "findings/CheckGlobs.h"
#include "hosts/standalone/Arguments.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <set>
#include <string>

namespace clang::tidy {
class FileOptionsProvider;
struct ClangTidyOptions;
} // namespace clang::tidy

namespace sluice::checker::standalone {

/// Answers what is asked for on a file.
class CheckSelection {
public:
  /// A check or option on the command line that there is not, or a wrong value, is an error.
  static llvm::Expected<CheckSelection> create(const CheckArguments &arguments);
  CheckSelection(CheckSelection &&) noexcept;
  ~CheckSelection();

  /// Reads what is configured for a file, before anything is asked about it. A mistake in it is an
  /// error; file names below `base` are shown relative to it. Where --root was given, `base` is
  /// that root, and what stands above it says nothing about files below it.
  llvm::Error read(llvm::StringRef file, llvm::StringRef base);

  /// Whether the check `id` is to run on `file`.
  bool enabled(llvm::StringRef file, llvm::StringRef id) const;

  /// All that are to run on `file`.
  std::set<std::string, std::less<>> enabledOn(llvm::StringRef file) const;

  const checks::CheckOptions &options(llvm::StringRef file) const;

private:
  struct Configured {
    findings::CheckGlobs checks;
    checks::CheckOptions options;
  };
  explicit CheckSelection(const CheckArguments &arguments);
  llvm::Error setGiven(checks::CheckOptions &options) const;
  llvm::Error readOptions(const clang::tidy::ClangTidyOptions &raw, llvm::StringRef source,
                          llvm::StringRef base, checks::CheckOptions &options) const;
  const Configured &configured(llvm::StringRef file) const;

  findings::CheckGlobs chosen;
  std::vector<std::pair<std::string, std::string>> given;
  bool hasRoot;
  std::unique_ptr<clang::tidy::FileOptionsProvider> provider;
  llvm::StringMap<Configured> byDirectory;
};

} // namespace sluice::checker::standalone
