// Takes back findings that only come about because two unknown bounds differ.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Judge.h"

namespace sluice::checker::analysis {

/// Outside values that bound loops, counts or buffers may depend on each other in a way that is out
/// of sight. A finding that rests on two that differ must come about as well when all are equal,
/// else what it is about gets no verdict.
void takeBackUnequal(const Facts &facts, const Options &options, Judge &judge);

} // namespace sluice::checker::analysis
