// Chooses the functions from which a program is explored, so that every making is judged with all
// its uses in sight.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Facts.h"

namespace sluice::checker::analysis {

/// Where a scope starts.
struct ScopeEntry {
  skeleton::FunctionId function = 0;
  std::optional<skeleton::ClassId> object; ///< what the first parameter is; none: not known
  bool locksOnly = false; ///< only locks that a task takes twice are asked for
  auto operator<=>(const ScopeEntry &) const = default;
};

/// The entries to explore, in order: those that make what is judged come first.
std::vector<ScopeEntry> chooseScopes(const Facts &facts);

} // namespace sluice::checker::analysis
