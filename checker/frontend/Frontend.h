// Turns a translation unit that Clang has parsed into its communication skeleton.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "models/Models.h"
#include "skeleton/Program.h"

#include "llvm/ADT/StringRef.h"

#include <functional>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
}

namespace sluice::checker::frontend {

/// How to read a unit.
struct FrontendOptions {
  /// File names below this directory are written relative to it; empty: the compiler's own.
  std::string workingDirectory;
  /// Function names that start a program besides `main`.
  std::vector<std::string> entries;
  /// Whether queue classes of the user's own are taken for channels.
  bool recogniseQueues = true;
  /// Whether a function whose body is out of sight may throw, by its qualified name; empty: none
  /// does but what a model says.
  std::function<bool(llvm::StringRef)> mayThrow;
};

/// A construct that was not understood; what depends on it is opaque.
struct Gap {
  skeleton::Span at;
  std::string construct; ///< "coroutine", "a goto into a scope"
  auto operator<=>(const Gap &) const = default;
};

/// The skeleton and what it leaves out, sorted by place.
struct Unit {
  skeleton::Program program;
  std::vector<Gap> gaps;
  /// What is wrong with declared queues, as "file:line:column: warning: …".
  std::vector<std::string> misdeclared;
};

/// Reads the unit. Deterministic: the order of functions, classes and names follows the source.
Unit buildUnit(clang::ASTContext &context, const models::Models &models,
               const FrontendOptions &options);

/// The skeleton alone.
skeleton::Program buildProgram(clang::ASTContext &context, const models::Models &models,
                               const FrontendOptions &options);

} // namespace sluice::checker::frontend
