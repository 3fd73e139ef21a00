// Finds locks that entries of a library take in opposite orders, though no explored scope shows it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "analysis/explore/Facts.h"
#include "analysis/slice/Aliases.h"

#include <set>

namespace sluice::checker::analysis {

/// Adds verdicts about cycles of lock orders that `known` does not hold yet. `sites` gets the
/// makings of locks that are reported. `whole` is the program before it was sliced.
void findOrderCycles(const skeleton::Program &whole, const Facts &facts, const Aliases &aliases,
                     std::vector<Verdict> &known, std::set<uint32_t> &sites);

} // namespace sluice::checker::analysis
