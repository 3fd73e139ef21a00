// The declarations at the top of a unit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "clang/AST/ASTContext.h"

#include <vector>

namespace sluice::checker::frontend {

/// All of them, or those that the host has limited the traversal to: where headers come from a
/// precompiled preamble, to ask for all would load what nobody needs.
std::vector<clang::Decl *> topLevelDecls(const clang::ASTContext &context);

} // namespace sluice::checker::frontend
