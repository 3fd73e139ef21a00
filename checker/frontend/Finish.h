// Tidies a skeleton once it is lowered: dead blocks, edges that no throw takes, order, names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

namespace sluice::checker::frontend {

/// Drops the blocks that nothing leads to, and joins a block to the only one that jumps to it.
void removeUnreachable(skeleton::Function &function);

/// Drops unwind edges of calls that cannot throw, names what is spawned a task, and sorts functions
/// and classes by place, then key.
void finishProgram(skeleton::Program &program);

} // namespace sluice::checker::frontend
