// Which tasks go on for ever after the rest of the program is done or stuck.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/leak/Progress.h"

namespace sluice::checker::analysis {

/// In the first state of an end of the graph: tasks that go on for ever though the entry has ended
/// or can never go on, and though no stuck task would have stopped them.
std::vector<bool> endlessIn(const Facts &facts, const Progress &progress,
                            const std::vector<uint32_t> &component, const Graph &graph);

} // namespace sluice::checker::analysis
