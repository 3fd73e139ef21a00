// Semaphores, wait groups, task groups, once and futures under random schedules.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "crowd.hpp"
#include "load.hpp"

#include <sluice/async.hpp>
#include <sluice/chan.hpp>
#include <sluice/once.hpp>
#include <sluice/semaphore.hpp>
#include <sluice/task_group.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <vector>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

void semaphores_count(chance &random) {
  const int permits = 1 + static_cast<int>(random.below(3)), each = 100 * size_factor;
  semaphore slots(permits);
  std::atomic<int> inside{0};
  std::atomic<long> entered{0};
  long expected = 0;
  {
    crowd members(random);
    for (int m = 2 + static_cast<int>(random.below(6)); m > 0; --m, expected += each)
      members.add([&](chance &own) {
        for (int i = 0; i < each; ++i, own.pause()) {
          if (own.one_in(4))
            while (!slots.try_acquire())
              own.pause();
          else
            slots.acquire();
          EXPECT_LE(++inside, permits);
          own.pause();
          --inside;
          ++entered;
          slots.release();
        }
      });
  }
  EXPECT_EQ(entered, expected);
  for (int i = 0; i < permits; ++i)
    EXPECT_TRUE(slots.try_acquire());
  EXPECT_FALSE(slots.try_acquire());
}

// Permits are made by some and used up by others, several at a time.
void semaphores_hand_over(chance &random) {
  semaphore permits(0);
  const int takers = 1 + static_cast<int>(random.below(4)), each = 100 * size_factor;
  crowd members(random);
  for (int t = 0; t < takers; ++t)
    members.add([&](chance &own) {
      for (int i = 0; i < each; ++i, own.pause())
        permits.acquire();
    });
  members.add([&](chance &own) {
    for (int left = takers * each; left > 0; own.pause()) {
      const int n = std::min(left, 1 + static_cast<int>(own.below(3)));
      permits.release(n);
      left -= n;
    }
  });
  members.wait();
  EXPECT_FALSE(permits.try_acquire());
}

// Several wait for the same group, and the group is used again.
void wait_groups_open(chance &random) {
  wait_group work;
  std::atomic<int> done{0};
  int expected = 0;
  for (int round = 0; round < 20 * size_factor; ++round) {
    const int tasks = 1 + static_cast<int>(random.below(8));
    expected += tasks;
    work.add(tasks);
    crowd workers(random), waiters(random);
    for (int t = 0; t < tasks; ++t)
      workers.add([&](chance &own) {
        own.pause();
        ++done;
        work.done();
      });
    for (auto w = random.below(3); w > 0; --w)
      waiters.add([&](chance &own) {
        own.pause();
        work.wait();
        EXPECT_EQ(done, expected);
      });
    work.wait();
    EXPECT_EQ(done, expected);
  }
}

// One task of a group may fail: then those that wait for the group's context go on.
void one_task_group(chance &random) {
  const bool fails = random.one_in(2);
  std::atomic<int> ended{0};
  struct on_end {
    std::atomic<int> &n;
    ~on_end() { ++n; }
  };
  task_group g;
  const int tasks = 1 + static_cast<int>(random.below(8));
  for (int t = 0; t < tasks; ++t)
    g.go([&, t, own = random.split()]() mutable {
      const on_end count{ended};
      own.pause();
      if (fails && (t == 0 || own.one_in(4)))
        throw std::runtime_error("one of them");
      if (fails && own.one_in(4))
        g.go([&] { // joins the group in time, since its starter has not ended
          const on_end count_this{ended};
          g.ctx().done().recv();
        });
      if (fails)
        g.ctx().done().recv();
    });
  if (fails) {
    EXPECT_THROW(g.wait(), std::runtime_error);
  } else {
    g.wait();
  }
  EXPECT_GE(ended, tasks);
}

void task_groups_end(chance &random) {
  for (int i = 0; i < 30 * size_factor; ++i)
    one_task_group(random);
}

void once_runs_once(chance &random) {
  for (int i = 0; i < 20 * size_factor; ++i) {
    once o;
    int runs = 0;
    std::atomic<int> failures{0};
    const int bad = static_cast<int>(random.below(3));
    crowd members(random);
    for (int m = bad + 1 + static_cast<int>(random.below(5)); m > 0; --m)
      members.add([&](chance &own) {
        own.pause();
        try {
          o.call([&] {
            own.pause();
            if (++runs <= bad)
              throw runs;
          });
          EXPECT_EQ(runs, bad + 1);
        } catch (int) {
          ++failures;
        }
      });
    members.wait();
    EXPECT_EQ(runs, bad + 1);
    EXPECT_EQ(failures, bad);
  }
}

// Futures of tasks and of blocking calls, waited for by tasks and threads.
void futures_give_their_values(chance &random) {
  std::atomic<long> sum{0};
  crowd members(random);
  const int each = 15 * size_factor;
  for (int m = 0; m < 4; ++m)
    members.add([&](chance &own) {
      for (int i = 0; i < each; ++i, own.pause()) {
        auto f = async([i, pause = own.split()]() mutable {
          pause.pause();
          return std::make_unique<int>(pause.one_in(4) ? blocking([i] { return i; }) : i);
        });
        own.pause();
        sum += *f.get();
      }
    });
  members.wait();
  EXPECT_EQ(sum, 4L * each * (each - 1) / 2);
}

// Tasks start tasks, the tree growing at random places.
void forests(chance &random) {
  std::atomic<int> alive{0};
  wait_group all;
  struct grower {
    std::atomic<int> &nodes;
    wait_group &all;
    void operator()(int depth, chance own) const {
      all.add();
      go([*this, depth, own]() mutable {
        ++nodes;
        own.pause();
        for (int i = 0; i < 3 && depth > 0; ++i)
          (*this)(depth - 1, own.split());
        own.pause();
        all.done();
      });
    }
  };
  grower{alive, all}(5, random.split());
  all.wait();
  EXPECT_EQ(alive, (729 - 1) / 2);
}

constexpr load loads[] = {
    {"SemaphoresCount", semaphores_count},
    {"SemaphoresHandOver", semaphores_hand_over},
    {"WaitGroupsOpen", wait_groups_open},
    {"TaskGroupsEnd", task_groups_end},
    {"OnceRunsOnce", once_runs_once},
    {"FuturesGiveTheirValues", futures_give_their_values},
    {"Forests", forests},
};

} // namespace

std::span<const load> counter_loads() { return loads; }

} // namespace sluice::test
