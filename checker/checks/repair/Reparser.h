// Parses a unit once more with another text in its main file, without touching the disk.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "clang/AST/ASTContext.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <memory>

namespace clang {
class CompilerInvocation;
class FileManager;
class Preprocessor;
} // namespace clang

namespace sluice::checker::checks {

/// Compiles as the unit was compiled whose preprocessor it is made from.
class Reparser {
public:
  explicit Reparser(clang::Preprocessor &preprocessor);

  /// Calls `use` with the tree of the unit with `text` as its main file; false if that does not
  /// compile.
  bool parse(llvm::StringRef text, llvm::function_ref<void(clang::ASTContext &)> use) const;

private:
  std::shared_ptr<clang::CompilerInvocation> invocation;
  clang::FileManager &files;
};

} // namespace sluice::checker::checks
