// Makes one finding of the causes that are the same defect in different ends of a scope.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/deadlock/WaitGraph.h"

namespace sluice::checker::analysis {

/// A cause by where its tasks stand, so that it can be told apart in any state.
struct Pattern {
  Defect defect = Defect::BlockedForever;
  unsigned rank = 0;         ///< as in Cause
  std::vector<Stand> places; ///< of the parties, or of the culprit; each once
  Stand culprit;
  bool alone = false; ///< a cycle of one: the culprit waits for itself
  auto operator<=>(const Pattern &) const = default;
};

/// One way in which a defect shows.
struct Sighting {
  Pattern pattern;
  uint32_t end = 0; ///< the first state that shows it
};

/// One finding to be made: its sightings, the most telling first.
using Group = std::vector<Sighting>;

/// Collects causes; `groups` joins those that are one defect.
class CauseBook {
public:
  void add(const Cause &cause, const State &state, uint32_t id);
  /// In a fixed order, the most telling first.
  std::vector<Group> groups() const;

private:
  std::map<Pattern, uint32_t> first; ///< and the end in which it was seen first
};

} // namespace sluice::checker::analysis
