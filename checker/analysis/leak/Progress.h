// Which tasks of which states can never move again, and where runs end up.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Graph.h"

namespace sluice::checker::analysis {

/// Computed once a graph, by a backward fixpoint over pairs of state and task, and by its strongly
/// connected components.
class Progress {
public:
  explicit Progress(const Graph &graph);

  /// No state that can be reached from `state` moves the task on.
  bool stuck(uint32_t state, uint32_t task) const {
    return !can[pairs[state] + graph.sameAs(state)[task]];
  }
  /// The components that are never left, each as its states in order.
  const std::vector<std::vector<uint32_t>> &ends() const { return terminal; }
  /// A component in which something still moves.
  bool moves(const std::vector<uint32_t> &component) const;
  llvm::ArrayRef<uint32_t> edgesInto(uint32_t state) const { return into[state]; }
  llvm::ArrayRef<uint32_t> edgesFrom(uint32_t state) const { return from[state]; }

private:
  void index();
  void propagate();
  void findEnds();

  const Graph &graph;
  std::vector<size_t> pairs;
  std::vector<bool> can;
  std::vector<std::vector<uint32_t>> into;
  std::vector<std::vector<uint32_t>> from;
  std::vector<std::vector<uint32_t>> terminal;
};

} // namespace sluice::checker::analysis
