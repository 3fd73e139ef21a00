// Turns Clang's source locations into the spans that users see.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "frontend/Frontend.h"

#include "clang/AST/ASTContext.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

namespace sluice::checker::frontend {

/// Numbers the files of a unit in the order in which they are first named.
class Places {
public:
  Places(clang::ASTContext &context, const FrontendOptions &options);
  /// Macro arguments stand where they are spelled, other macro text where it is expanded; places in
  /// system headers are invalid, so that the caller's place is kept.
  skeleton::Span span(clang::SourceRange range);
  const std::vector<std::string> &files() const { return names; }

private:
  uint32_t fileOf(clang::FileID id);
  std::string nameOf(clang::FileID id) const;
  clang::ASTContext &context;
  std::string directory;
  std::vector<std::string> names;
  llvm::DenseMap<clang::FileID, uint32_t> known;
  llvm::StringMap<uint32_t> byName;
};

} // namespace sluice::checker::frontend
