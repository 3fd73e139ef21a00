// Parses a unit once more with another text in its main file, without touching the disk.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "clang/AST/ASTContext.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <memory>

namespace clang {
class CompilerInvocation;
class FileManager;
class PrecompiledPreamble;
class Preprocessor;
} // namespace clang

namespace llvm {
class MemoryBuffer;
}
namespace llvm::vfs {
class FileSystem;
}

namespace sluice::checker::checks {

/// Compiles as the unit was compiled whose preprocessor it is made from. From the second time on
/// the headers come from a precompiled preamble.
class Reparser {
public:
  explicit Reparser(clang::Preprocessor &preprocessor);
  ~Reparser();

  /// Calls `use` with the tree of the unit with `text` as its main file; false if that does not
  /// compile.
  bool parse(llvm::StringRef text, llvm::function_ref<void(clang::ASTContext &)> use) const;

private:
  using FileSystem = llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>;
  void usePreamble(clang::CompilerInvocation &parsing, llvm::MemoryBuffer &main,
                   FileSystem &from) const;

  std::shared_ptr<clang::CompilerInvocation> invocation;
  clang::FileManager &files;
  mutable unsigned parses = 0;
  mutable std::unique_ptr<clang::PrecompiledPreamble> preamble; ///< null: not built, or not to be
};

} // namespace sluice::checker::checks
