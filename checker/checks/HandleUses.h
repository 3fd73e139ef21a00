// Which directions of a channel a handle's uses need.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/SourceUnit.h"

#include "clang/AST/Decl.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace sluice::checker::checks {

/// What is known about one handle.
struct HandleUse {
  bool sends = false;    ///< sends or closes
  bool receives = false; ///< receives, or is iterated over
  bool unknown = false;  ///< copied, assigned or passed on as it is
  findings::Place first; ///< where its one direction is used first

  /// Whether it is used, in one direction alone.
  bool isOneWay() const { return !unknown && sends != receives; }
};

/// Uses by parameter or field.
using HandleUses = llvm::MapVector<const clang::ValueDecl *, HandleUse>;

/// Adds the uses, in a function's body and constructor initialisers, of the handles that `wanted`
/// names.
void collectFunctionUses(SourceUnit &unit, clang::FunctionDecl *function,
                         llvm::function_ref<bool(const clang::ValueDecl *)> wanted,
                         HandleUses &uses);

} // namespace sluice::checker::checks
