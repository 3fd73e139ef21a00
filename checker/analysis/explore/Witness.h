// Finds the run that shows a defect, and tells it as steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "analysis/leak/Progress.h"

#include <functional>
#include <set>

namespace sluice::checker::analysis {

/// Where a run is to end: in one of these states, or by one of these edges.
struct Goal {
  std::vector<bool> states;
  std::vector<bool> edges;
};

/// Runs that reach a goal whichever way opaque conditions go.
class Witness {
public:
  Witness(Graph &graph, const Progress &progress, const Goal &goal);

  bool exists() const { return rank[0] != ~0u; }
  /// The edges of a shortest run from the first state.
  std::vector<uint32_t> path() const;

private:
  void reached(uint32_t edge, uint32_t distance);

  Graph &graph;
  const Progress &progress;
  const Goal &goal;
  std::vector<uint32_t> rank; ///< by state: steps left, ~0 if the goal cannot be forced
  std::map<std::pair<uint32_t, uint32_t>, std::set<uint32_t>>
      groups; ///< outcomes of an opaque choice still open
  std::vector<uint32_t> queue;
};

/// The user's name for the primitive made at a site.
PrimitiveRef primitiveAt(const Facts &facts, uint32_t site);
/// A lock that is only known by the name that the code has for it.
PrimitiveRef madeOutOfSight(const std::string &name);

/// Tells a run: fills the verdict's tasks and steps. Returns the lasting number of every task of
/// the last state.
std::vector<uint32_t> tell(Graph &graph, const std::vector<uint32_t> &path, Verdict &verdict);

/// Of what a long run does again and again, keeps the first and the last time.
void condense(std::vector<Step> &steps);

} // namespace sluice::checker::analysis
