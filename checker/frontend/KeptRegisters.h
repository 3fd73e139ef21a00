// Keeps what is in the registers of a function that is left in the middle and goes on later.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace sluice::checker::frontend {

/// Where a function may be left and entered again.
struct Suspension {
  skeleton::BlockId leaving;  ///< runs just before it is left
  skeleton::BlockId entering; ///< where it goes on
  skeleton::Span at;
};

/// Stores each register from `first` on that is read after a suspension in a field of the object in
/// register 0, at the start of `leaving`, and loads it at the start of `entering`.
void keepRegisters(skeleton::Function &f, llvm::ArrayRef<Suspension> suspensions,
                   skeleton::Register first,
                   llvm::function_ref<skeleton::FieldId(skeleton::Register)> fieldOf);

} // namespace sluice::checker::frontend
