// Sees through objects that a function keeps to itself: guards above all.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

namespace sluice::checker::analysis {

/// What is read of an object that never leaves the function, and is known wherever the read is
/// reached, is put in the place of the read; branches it decides become jumps. What nobody reads
/// any more is left out. Every instruction keeps its place.
void foldLocalObjects(skeleton::Function &function);

/// An instruction that does nothing, at the place of another.
skeleton::Instruction nothingAt(const skeleton::Span &at);

} // namespace sluice::checker::analysis
