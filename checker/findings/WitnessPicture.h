// The path to a defect as a picture: one lane a task, time downwards, arrows for what passes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"

#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace sluice::checker::findings {

/// A step with the task that takes it.
struct Row {
  size_t task = 0; ///< index of the flow
  const FlowStep *step = nullptr;
  bool blocked = false; ///< the task waits here for ever
};

/// The steps of all tasks in the order in which they happen.
std::vector<Row> rowsOf(const Finding &finding);

/// Writes an SVG element whose rows are as high as the steps in the page's list beside it. `id` is
/// put before the ids of its parts: "<id>-row-1" is the first row.
void drawWitness(const Finding &finding, const std::vector<Row> &rows, const std::string &id,
                 llvm::raw_ostream &out);

} // namespace sluice::checker::findings
