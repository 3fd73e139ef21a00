// Starting many tasks, sharing them out, and letting all of them have their turns.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"
#include "meeting.hpp"

#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <memory>
#include <vector>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(SLUICE_TSAN)
constexpr int many = 5000;
#else
constexpr int many = 200000;
#endif

TEST(scheduling, runs_every_task_of_a_flood_once) {
  std::vector<std::atomic<unsigned char>> turns(many);
  std::atomic<int> ended = 0;
  run([&] {
    for (int i = 0; i < many; ++i)
      go([&turns, &ended, i] {
        turns[i]++;
        ended++;
      });
    while (ended != many)
      yield();
  });
  for (auto &t : turns)
    ASSERT_EQ(t, 1);
}

TEST(scheduling, tasks_start_tasks_to_any_depth) {
  std::atomic<int> leaves = 0;
  struct tree {
    static void grow(int depth, std::atomic<int> &leaves) {
      if (depth == 0) {
        leaves++;
        return;
      }
      go([=, &leaves] { grow(depth - 1, leaves); });
      go([=, &leaves] { grow(depth - 1, leaves); });
    }
  };
  run([&] {
    tree::grow(10, leaves);
    while (leaves != 1024)
      yield();
  });
  EXPECT_EQ(leaves, 1024);
}

TEST(scheduling, a_loop_over_operations_does_not_starve_others) {
  std::atomic<bool> other_ran = false;
  run([&] {
    go([&] { other_ran = true; });
    while (!other_ran)
      core::operation_point(); // never waits, so only the budget lets the other one in
  });
  EXPECT_TRUE(other_ran);
}

TEST(scheduling, a_pair_that_hands_over_does_not_starve_others) {
  std::atomic<bool> other_ran = false;
  run([&] {
    test::meeting there;
    test::meeting back;
    test::meeting over;
    std::atomic<bool> ended = false;
    go([&] {
      while (!ended) {
        there.wait(clock::time_point::max(), true);
        back.signal();
      }
      over.signal();
    });
    go([&] { other_ran = true; });
    while (!other_ran) {
      there.signal();
      back.wait(clock::time_point::max(), true);
    }
    ended = true;
    there.signal();
    over.wait();
  });
  EXPECT_TRUE(other_ran);
}

TEST(scheduling, a_task_that_computes_does_not_hold_up_the_one_it_woke) {
  if (core::options.procs == 1)
    GTEST_SKIP() << "needs a second scheduler thread";
  run([&] {
    test::meeting m;
    std::atomic<bool> woken = false;
    go([&] {
      m.wait(clock::time_point::max(), true);
      woken = true;
    });
    sleep_for(5ms);
    m.signal();
    const auto until = clock::now() + 5s;
    while (!woken && clock::now() < until) {
    }
    EXPECT_TRUE(woken);
  });
}

TEST(scheduling, yield_lets_all_ready_tasks_go_first) {
  if (core::options.procs != 1)
    GTEST_SKIP() << "the order is fixed on one scheduler thread only";
  run([&] {
    std::atomic<int> ran = 0;
    for (int i = 0; i < 100; ++i)
      go([&] { ++ran; });
    yield();
    EXPECT_EQ(ran, 100);
  });
}

TEST(scheduling, tasks_keep_large_and_overaligned_and_movable_closures) {
  struct alignas(64) wide {
    std::array<char, 256> text{};
  };
  std::atomic<int> right = 0;
  run([&] {
    wide w;
    w.text[255] = 'x';
    go([&right, w, p = std::make_unique<int>(5)] {
      right += w.text[255] == 'x' && reinterpret_cast<std::uintptr_t>(&w) % 64 == 0 && *p == 5;
    });
    while (!right)
      yield();
  });
  EXPECT_EQ(right, 1);
}

TEST(scheduling, a_closure_that_cannot_be_copied_in_starts_nothing) {
  struct thrower {
    thrower() = default;
    thrower(const thrower &) { throw std::runtime_error("copy"); }
    void operator()() const {}
  };
  run([&] {
    const thrower t;
    EXPECT_THROW(go(t), std::runtime_error);
  });
}

TEST(scheduling, sleepers_wake_in_the_order_of_their_deadlines) {
  std::vector<int> order;
  core::spinlock guards_order;
  run([&] {
    std::atomic<int> ended = 0;
    for (int i : {3, 1, 2, 0})
      go([&, i] {
        sleep_for(20ms * (i + 1));
        guards_order.lock();
        order.push_back(i);
        guards_order.unlock();
        ended++;
      });
    while (ended != 4)
      sleep_for(1ms);
  });
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3}));
}

TEST(scheduling, a_sleep_is_neither_short_nor_very_long) {
  run([&] {
    for (auto d : {1ms, 5ms, 20ms}) {
      const auto start = clock::now();
      sleep_for(d);
      EXPECT_GE(clock::now() - start, d);
      EXPECT_LT(clock::now() - start, d + 500ms);
    }
  });
}

} // namespace
