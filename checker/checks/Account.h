// How a primitive was judged, in words: what `--explain-verdict` shows.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "findings/Finding.h"
#include "findings/Summary.h"

#include <set>

namespace sluice::checker::checks {

/// A finding and the primitives it is about.
struct Told {
  std::set<skeleton::InstructionRef> about;
  findings::Finding finding;
};

/// Fills the primitive's title and account: its judgement and the reason, the scopes it was judged
/// from, and its findings with their witnesses.
void giveAccount(const skeleton::Program &program, const analysis::Coverage &coverage,
                 const analysis::Coverage::Entry &entry, const std::vector<Told> &findings,
                 findings::JudgedPrimitive &primitive);

} // namespace sluice::checker::checks
