// Looks for repairs of what was found, and keeps those that are proved.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "checks/SourceUnit.h"
#include "checks/repair/Reparser.h"
#include "findings/Finding.h"
#include "skeleton/Program.h"

#include <vector>

namespace sluice::checker::checks {

/// A finding and the verdict that it words, by their indices.
struct Worded {
  size_t finding = 0;
  size_t verdict = 0;
};

/// Adds to each finding the first repair that is proved: the text with the repair was parsed and
/// explored, the defect is gone, nothing is new and nothing has lost its verdict. Repairs of
/// several findings are proved together as well, so that all of them can be applied at once.
void addRepairs(SourceUnit &unit, const Reparser &reparser, const skeleton::Program &program,
                const analysis::Result &result, const std::vector<Worded> &worded,
                std::vector<findings::Finding> &findings);

} // namespace sluice::checker::checks
