// The search for a circle of lock orders in which tasks could wait for each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/order_graph.hpp"

namespace sluice::observe {

/// Looks for the shortest circle through one order as one task takes it: each step by another task,
/// no lock held in two of them, and no lock that is only read at both ends.
class order_search {
public:
  order_search(order_graph &graph, const order_graph::order &first, const order_taker &by);

  /// The circle, unless there is none or it was found before.
  std::optional<order_cycle> run();

private:
  struct step {
    const order_graph::order *order;
    const order_taker *taker;
  };

  bool measure_distances();
  bool extend(std::size_t steps_left);
  bool extend_by(const order_graph::order &o, std::size_t steps_left);
  bool may_follow(const order_graph::order &o) const;
  const order_taker *free_taker(const order_graph::order &o, std::size_t from) const;
  bool is_new() const;
  order_cycle result() const;

  order_graph &graph;
  const order_graph::order &first;
  const order_taker &by;
  std::uint32_t mark = 0;
  const unsigned most_steps;
  unsigned steps = 0;
  std::vector<step> path;
};

} // namespace sluice::observe
