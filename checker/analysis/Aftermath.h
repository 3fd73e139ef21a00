// Who waits for a defect's tasks in vain, once the run has gone on to its end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/leak/Progress.h"

namespace sluice::checker::analysis {

/// Where a run that shows a defect ends if it takes the shortest way on.
struct Aftermath {
  uint32_t state = 0;
  std::vector<uint32_t>
      tasks; ///< by task of the state it went on from: its index now, or EndedTask
};

/// The nearest state from `from` on that is in an end which is never left.
Aftermath runOn(const Graph &graph, const Progress &progress, uint32_t from);

} // namespace sluice::checker::analysis
