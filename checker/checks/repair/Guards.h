// Guards of locks as the source declares them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/repair/Scene.h"

namespace sluice::checker::checks {

/// A variable that takes one lock, exclusively and at once, for the rest of its block.
struct Guard {
  const clang::VarDecl *variable = nullptr;
  const clang::Expr *lock = nullptr; ///< what it is made from
  const models::TypeModel *type = nullptr;
};

/// The guard that a statement declares; nothing if it declares anything else besides.
std::optional<Guard> guardOf(Scene &scene, const clang::Stmt *statement);

/// Whether anything below `statement` names the variable.
bool names(const clang::Stmt *statement, const clang::ValueDecl *variable);

} // namespace sluice::checker::checks
