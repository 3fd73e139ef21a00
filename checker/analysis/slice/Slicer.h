// Leaves out of a program what no verdict depends on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/slice/Aliases.h"

#include <cstdint>
#include <memory>

namespace sluice::checker::analysis {

/// The same program, in which instructions that no verdict depends on do nothing, and branches that
/// decide nothing jump. Every instruction keeps its place, so references to places hold for both.
struct Slice {
  std::unique_ptr<skeleton::Program> program;
  std::unique_ptr<Aliases> aliases; ///< of all of it: an upper bound for the slice
};

/// Which verdicts the slice is for.
enum class Keep : uint8_t {
  All,
  Locks ///< that a task takes a lock twice, and no other
};
Slice slice(const skeleton::Program &program, Keep what = Keep::All);

/// For people to read: without the instructions that do nothing, and without the blocks and
/// functions that are never entered. Places differ.
skeleton::Program withoutGaps(const skeleton::Program &program);

} // namespace sluice::checker::analysis
