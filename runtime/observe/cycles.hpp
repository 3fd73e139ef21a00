// Who of those that can never go on wait for each other, and whether that is everybody.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/judgement.hpp"
#include "observe/wait_graph.hpp"

namespace sluice::observe {

/// After j.run(): whether nothing is left that could do anything at all.
bool all_stuck(const judgement &j) noexcept;

/// After j.run(): fills `out` with all who are stuck and whom each could free, and numbers the
/// cycles.
void find_cycles(judgement &j, wait_graph &out) noexcept;

} // namespace sluice::observe
