// async and blocking: results and exceptions come back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/async.hpp>
#include <sluice/blocking.hpp>
#include <sluice/defer.hpp>
#include <sluice/task_local.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

TEST(futures, give_results_and_exceptions) {
  run([] {
    auto sum = async([] { return 40 + 2; });
    auto bad = async([]() -> int { throw std::runtime_error("no"); });
    int target = 0;
    auto reference = async([&]() -> int & { return target; });
    auto nothing = async([] { sleep_for(1ms); });
    EXPECT_EQ(sum.get(), 42);
    EXPECT_THROW(bad.get(), std::runtime_error);
    EXPECT_EQ(&reference.get(), &target);
    nothing.wait();
    nothing.get();
    EXPECT_FALSE(nothing.valid());
  });
}

TEST(futures, without_state_throw) {
  future<int> none;
  EXPECT_FALSE(none.valid());
  EXPECT_THROW(none.get(), std::future_error);
}

TEST(futures, are_waited_for_by_threads) {
  auto f = async([] {
    sleep_for(5ms);
    return std::string("late");
  });
  EXPECT_EQ(f.get(), "late");
}

TEST(blocking_calls, do_not_hold_up_tasks) {
  run([] {
    std::vector<future<int>> all;
    const auto start = clock::now();
    for (int i = 0; i < 20; ++i)
      all.push_back(async([i] {
        return blocking([i] {
          std::this_thread::sleep_for(50ms);
          return i;
        });
      }));
    int sum = 0;
    for (auto &f : all)
      sum += f.get();
    EXPECT_EQ(sum, 190);
    EXPECT_LT(clock::now() - start, 900ms); // one after the other they would take a second
  });
}

TEST(blocking_calls, rethrow) {
  run([] { EXPECT_THROW(blocking([] { throw std::logic_error("x"); }), std::logic_error); });
}

task_local<int> depth;

TEST(task_locals, differ_by_task_and_outlive_waits) {
  run([] {
    std::vector<future<void>> all;
    for (int i = 0; i < 20; ++i)
      all.push_back(async([i] {
        EXPECT_EQ(*depth, 0);
        *depth = i;
        sleep_for(1ms);
        EXPECT_EQ(*depth, i);
      }));
    for (auto &f : all)
      f.get();
  });
}

TEST(task_locals, are_destroyed_with_the_task) {
  static std::atomic<int> alive = 0;
  struct counted {
    counted() { alive++; }
    ~counted() { alive--; }
  };
  static task_local<counted> each;
  run([] {
    async([] {
      each.get();
      EXPECT_EQ(alive, 1);
    }).get();
    while (alive != 0)
      yield();
  });
}

TEST(deferred, runs_at_the_end_of_the_scope) {
  int n = 0;
  {
    defer d([&] { n = 1; });
    EXPECT_EQ(n, 0);
  }
  EXPECT_EQ(n, 1);
}

} // namespace
