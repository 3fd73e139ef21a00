// Decides, from the outlines of all units, what has to be joined to judge what spans units.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Outline.h"

#include <map>
#include <set>

namespace sluice::checker::skeleton {

/// A function as one unit holds it.
struct UnitFunction {
  uint32_t unit = 0;
  FunctionId function = 0;
  auto operator<=>(const UnitFunction &) const = default;
};

/// What to join into one program. Programs share no scope, so each can be judged, and kept, alone.
struct LinkPlan {
  /// By unit: the functions whose code is needed. A function that several units hold is taken from
  /// the first.
  std::map<uint32_t, std::set<FunctionId>> needed;
  /// The functions that one unit uses and another holds.
  std::map<UnitFunction, UnitFunction> elsewhere;
  /// The functions from which more can be seen than their own unit sees, and that matter.
  std::set<UnitFunction> widened;
  /// For the orders in which locks are taken, and not for scopes.
  bool orders = false;
};

/// What tells apart the things of one name that units mean differently.
class NameHomes {
public:
  explicit NameHomes(const std::vector<Outline> &outlines);
  /// What has to stand after a field's name where `unit` uses it; empty: all units mean the same.
  std::string suffix(uint32_t unit, llvm::StringRef field, bool global) const;

private:
  std::vector<Homes> homes; ///< by unit
  std::set<Digest> ambiguous;
};

/// One plan for each set of functions that are connected by calls, and one for all orders of locks
/// if units can disagree about them. In the order of what they hold.
std::vector<LinkPlan> planLink(const std::vector<Outline> &outlines);

} // namespace sluice::checker::skeleton
