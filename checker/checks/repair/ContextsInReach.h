// Contexts that code at some place can name.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/repair/Proposal.h"
#include "checks/repair/Scene.h"

namespace sluice::checker::checks {

/// A context, and what lambdas must capture so that it can be named.
struct ReachableContext {
  std::string text;               ///< "ctx", "made.ctx", "group.ctx()"
  std::string type;               ///< by its model
  std::vector<TextEdit> captures; ///< additions to capture lists
};

/// The contexts that can be named at `spot`, the nearest first.
std::vector<ReachableContext> contextsInReach(Scene &scene, const Spot &spot);

} // namespace sluice::checker::checks
