// The graph of lock orders finds the first circle just when a plain search does.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/order_graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace {

using namespace sluice::observe;

constexpr int most_locks = 9; // so that every circle is short enough

order_taker task(std::uint64_t id) {
  order_taker t;
  t.id = id;
  return t;
}

/// A graph beside the plain matrix of the same orders, each taken by a task of its own.
class both_graphs {
public:
  both_graphs() {
    for (lock_number &n : numbers)
      n = graph.add({});
  }

  /// Whether each says that this is the order that closes a circle.
  std::pair<bool, bool> learn(int from, int to) {
    const bool closes = reaches(to, from, 0);
    taken[from][to] = true;
    const auto found = graph.learn({numbers[from]}, {numbers[to]}, {}, task(++last_task));
    return {found.has_value(), closes};
  }

  void forget(int lock) {
    graph.remove(numbers[lock]);
    if (last_task % 2)
      graph.reuse_numbers();
    numbers[lock] = graph.add({});
    for (int i = 0; i < most_locks; ++i)
      taken[lock][i] = taken[i][lock] = false;
  }

private:
  bool reaches(int from, int to, int depth) const {
    if (from == to)
      return true;
    for (int next = 0; depth < most_locks && next < most_locks; ++next)
      if (taken[from][next] && reaches(next, to, depth + 1))
        return true;
    return false;
  }

  order_graph graph;
  lock_number numbers[most_locks] = {};
  bool taken[most_locks][most_locks] = {};
  std::uint64_t last_task = 0;
};

/// Random orders until one closes a circle; how many there were.
int until_circle(unsigned seed) {
  std::minstd_rand random(seed);
  both_graphs graphs;
  for (int n = 1;; ++n) {
    const int from = static_cast<int>(random() % most_locks);
    const int to = static_cast<int>((from + 1 + random() % (most_locks - 1)) % most_locks);
    const auto [found, closes] = graphs.learn(from, to);
    EXPECT_EQ(found, closes) << "seed " << seed << ", order " << n;
    if (found || closes)
      return n;
    if (random() % 3 == 0)
      graphs.forget(static_cast<int>(random() % most_locks));
  }
}

TEST(order_graph, finds_the_first_circle) {
  int longest = 0;
  for (unsigned seed = 1; seed <= 2000; ++seed)
    longest = std::max(longest, until_circle(seed));
  EXPECT_GT(longest, 20); // so some had many orders, and locks that went
}

TEST(order_graph, keeps_what_excuses_apart) {
  order_graph graph;
  const numbered_lock a{graph.add({})}, b{graph.add({})}, gate{graph.add({})};
  lock_set gated;
  gated.add(gate);
  EXPECT_FALSE(graph.learn(a, b, gated, task(1)));
  EXPECT_TRUE(graph.knows(a, b, gated, 1));
  EXPECT_FALSE(graph.knows(a, b, {}, 1)) << "without the gate it is news";
  EXPECT_FALSE(graph.knows(a, b, gated, 2)) << "by another task it is news";
  EXPECT_FALSE(graph.learn(b, a, gated, task(2)));
  EXPECT_FALSE(graph.learn(b, a, {}, task(1))) << "the same task";
  EXPECT_TRUE(graph.learn(b, a, {}, task(2)));
  EXPECT_FALSE(graph.learn(b, a, {}, task(3))) << "it was told";
}

TEST(order_graph, forgets_a_gate_that_is_gone) {
  order_graph graph;
  const numbered_lock a{graph.add({})}, b{graph.add({})};
  for (int i = 0; i < 100; ++i) {
    const numbered_lock gate{graph.add({})};
    lock_set gated;
    gated.add(gate);
    if (!graph.knows(a, b, gated, 1))
      graph.learn(a, b, gated, task(1));
    graph.remove(gate.lock);
    graph.reuse_numbers();
  }
  EXPECT_FALSE(graph.is_cut()) << "one order for each gate";
  EXPECT_LT(graph.add({}), 10u) << "numbers are used again";
}

} // namespace
