// Leaves out of a program what no verdict depends on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

namespace sluice::checker::analysis {

/// The same program, in which instructions that no verdict depends on do nothing, and branches that
/// decide nothing jump. Every instruction keeps its place, so references to places hold for both.
skeleton::Program slice(const skeleton::Program &program);

/// For people to read: without the instructions that do nothing, and without the blocks and
/// functions that are never entered. Places differ.
skeleton::Program withoutGaps(const skeleton::Program &program);

} // namespace sluice::checker::analysis
