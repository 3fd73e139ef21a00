// Nobody starves: with one scheduler thread others come in between, with two they are taken away.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "load.hpp"
#include "watchdog.hpp"

#include "core/event.hpp"
#include "core/scheduler.hpp"

#include <sluice/sluice.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

using namespace sluice;
using namespace sluice::test;
using namespace std::chrono_literals;

namespace {

/// Watches each test of a suite.
class Watched : public testing::Test {
protected:
  Watched() { watch(testing::UnitTest::GetInstance()->current_test_info()->name(), 0); }
  ~Watched() override { unwatch(); }
};

/// To be run with one scheduler thread.
class OneThread : public Watched {
protected:
  void SetUp() override {
    run([] {});
    if (core::worker_count() != 1)
      GTEST_SKIP() << "needs exactly one scheduler thread";
  }
};

/// To be run with two.
class TwoThreads : public Watched {
protected:
  void SetUp() override {
    run([] {});
    if (core::worker_count() != 2)
      GTEST_SKIP() << "needs exactly two scheduler threads";
    core::events.quiescent = nullptr; // the search for deadlocks would rouse sleepers as well
  }
};

// A slice is 10 ms or some 1,000 operations; the rest is for machines that are busy with other
// things and for instrumented builds.
constexpr auto soon = 400ms;

/// How long `beside`, which never waits by itself, keeps another task from 20 turns in a row, and
/// one that sleeps from its end. `beside(over)` runs until `over` is set.
template <class F> clock::duration delay_beside(F beside) {
  clock::duration took{};
  run([&] {
    std::atomic<bool> over{false};
    task_group g;
    g.go([&] { beside(over); });
    g.go([&] {
      const auto start = clock::now();
      for (int i = 0; i < 20; ++i)
        yield();
      sleep_for(1ms);
      took = clock::now() - start;
      over = true;
    });
    g.wait();
  });
  return took;
}

TEST_F(OneThread, ATaskThatYieldsLetsOthersIn) {
  EXPECT_LT(delay_beside([](std::atomic<bool> &over) {
              while (!over)
                yield();
            }),
            soon);
}

TEST_F(OneThread, ATaskThatLocksAndUnlocksLetsOthersIn) {
  mutex mu;
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              while (!over)
                std::lock_guard hold(mu);
            }),
            soon);
}

TEST_F(OneThread, ATaskThatReadsUnderALockLetsOthersIn) {
  shared_mutex mu;
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              while (!over)
                std::shared_lock hold(mu);
            }),
            soon);
}

TEST_F(OneThread, ATaskThatTriesAFullChannelLetsOthersIn) {
  const chan<int> full(1);
  full.send(0);
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              while (!over)
                EXPECT_FALSE(full.try_send(1));
            }),
            soon);
}

TEST_F(OneThread, ATaskThatTriesAnEmptyChannelLetsOthersIn) {
  const chan<int> empty;
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              while (!over)
                EXPECT_FALSE(empty.try_recv());
            }),
            soon);
}

TEST_F(OneThread, ATaskThatPollsBySelectLetsOthersIn) {
  const chan<int> c;
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              while (!over)
                EXPECT_EQ(select(on_recv(c), on_send(c, 1), otherwise()), 2);
            }),
            soon);
}

TEST_F(OneThread, ATaskThatUsesItsOwnBufferLetsOthersIn) {
  const chan<int> c(1);
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              for (int i = 0; !over; ++i) {
                c.send(i);
                EXPECT_EQ(c.recv(), i);
              }
            }),
            soon);
}

TEST_F(OneThread, ATaskThatTakesAndGivesPermitsLetsOthersIn) {
  semaphore s(1);
  wait_group wg;
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              while (!over) {
                s.acquire();
                s.release();
                wg.add();
                wg.done();
                wg.wait();
              }
            }),
            soon);
}

/// Two tasks that pass something on for ever, beside a third.
template <class F> void never_ending_pair(std::atomic<bool> &over, F pass) {
  task_group pair;
  for (int me = 0; me < 2; ++me)
    pair.go([&, me] {
      while (!over)
        pass(me);
    });
  pair.wait();
}

// The pair ends when the third task sets `over`; each end closes what the other one waits for.
template <class C> void pass_through(C &there, C &back, std::atomic<bool> &over) {
  task_group pair;
  pair.go([&] {
    for (int v : there)
      back.send(v);
    back.close();
  });
  while (!over) {
    there.send(1);
    back.recv();
  }
  there.close();
  pair.wait();
}

TEST_F(OneThread, APairThatPingPongsLetsAThirdIn) {
  for (int capacity : {0, 1, 16}) {
    chan<int> there(capacity), back(capacity);
    EXPECT_LT(delay_beside([&](std::atomic<bool> &over) { pass_through(there, back, over); }),
              soon);
  }
}

TEST_F(OneThread, APairThatFillsAndEmptiesABufferLetsAThirdIn) {
  const chan<int> c(16);
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              task_group pair;
              pair.go([&] {
                for (int v : c)
                  (void)v;
              });
              while (!over)
                c.send(1);
              c.close();
              pair.wait();
            }),
            soon);
}

TEST_F(OneThread, APairThatFightsForALockLetsAThirdIn) {
  mutex mu;
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              never_ending_pair(over, [&](int) {
                std::lock_guard hold(mu);
                yield(); // so that the other one has to wait
              });
            }),
            soon);
}

TEST_F(OneThread, APairThatPassesPermitsLetsAThirdIn) {
  semaphore turns[2] = {semaphore(1), semaphore(0)};
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              never_ending_pair(over, [&](int me) {
                turns[me].acquire();
                turns[1 - me].release();
              });
            }),
            soon);
}

TEST_F(OneThread, APairThatNotifiesLetsAThirdIn) {
  mutex mu;
  condition_variable turned;
  int turn = 0;
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              never_ending_pair(over, [&](int me) {
                std::unique_lock lock(mu);
                turned.wait(lock, [&] { return turn == me || over; });
                turn = 1 - me;
                turned.notify_one();
              });
              turned.notify_all();
            }),
            soon);
}

// Tasks that start tasks for ever are a flood of their own.
TEST_F(OneThread, AChainOfNewTasksLetsOthersIn) {
  struct link {
    std::atomic<bool> &over;
    wait_group &ended;
    void operator()() const {
      if (over)
        ended.done();
      else
        go(*this);
    }
  };
  wait_group ended;
  ended.add();
  EXPECT_LT(delay_beside([&](std::atomic<bool> &over) {
              go(link{over, ended});
              ended.wait();
            }),
            soon);
}

/// How many of a flood of new tasks begin before one whose sleep was over when the first of them
/// could. `own` of them are started by the task that holds the scheduler thread meanwhile, so that
/// they lie in the thread's own queue; the others by a thread.
int begun_before_a_due_sleeper(int flood, int own) {
  std::atomic<int> begun = 0, at_wake_up = -1; // of tasks, which TSan takes for threads
  run([&] {
    wait_group all;
    all.add(flood + 1);
    go([&] {
      sleep_for(1ms);
      at_wake_up = begun.load();
      all.done();
    });
    yield(); // it sleeps
    const auto due = clock::now() + 2ms;
    const auto start = [&](int n) {
      for (int i = 0; i < n; ++i)
        go([&] {
          ++begun;
          all.done();
        });
    };
    start(own);
    std::thread([&] { start(flood - own); }).join();
    while (clock::now() < due) {
    }
    all.wait();
  });
  return at_wake_up;
}

TEST_F(OneThread, ADueSleeperRunsAheadOfAFlood) {
  constexpr int flood = 10000 * size_factor;
  EXPECT_LT(begun_before_a_due_sleeper(flood, 0), 1000);
}

TEST_F(OneThread, ADueSleeperRunsAheadOfAFloodAndALongQueue) {
  constexpr int flood = 10000 * size_factor;
  constexpr int nearly_a_slice = 1000; // one more and the starter's turn might end
  EXPECT_LT(begun_before_a_due_sleeper(flood, nearly_a_slice), nearly_a_slice);
}

#if defined(SLUICE_ASAN) || defined(SLUICE_TSAN)
constexpr int slowness = 4;
#else
constexpr int slowness = 1;
#endif

/// How long it took the other thread to run what a computing task had left behind: the shortest of
/// several trials. One in which nothing is left when the task begins to compute does not count.
/// On a machine that is busy with other things most trials show only what these leave of it, so
/// there are more, for up to ten seconds, while none was within `enough`.
template <class F> clock::duration shortest_delay(F leave_behind, clock::duration enough) {
  auto best = clock::duration::max();
  const auto end = clock::now() + 10s;
  for (int trials = 0; trials < 12 || (best >= enough && clock::now() < end); ++trials)
    run([&] {
      std::atomic<int> missing{0};
      leave_behind(missing);
      if (missing == 0)
        return;
      const auto start = clock::now();
      while (missing != 0 && clock::now() - start < 1s) {
      }
      best = std::min(best, clock::now() - start);
      while (missing != 0)
        yield();
    });
  return best;
}

// A wake-up takes 100 us, and a sleeper looks in after 4 ms at most where nobody was woken. The
// rest is for machines on which three other programs compute: they were seen to take 24 ms. Who is
// not taken waits for a second.
template <class F> void expect_taken(F leave_behind, clock::duration timer = {}) {
  const clock::duration within = timer + slowness * 50ms;
  EXPECT_LT(shortest_delay(leave_behind, within), within);
}

TEST_F(TwoThreads, NewTasksBehindAComputingOneAreTaken) {
  expect_taken([](std::atomic<int> &missing) {
    missing = 100;
    for (int i = 0; i < 100; ++i)
      go([&] { --missing; });
  });
}

TEST_F(TwoThreads, WokenTasksBehindAComputingOneAreTaken) {
  expect_taken([](std::atomic<int> &missing) {
    auto open = std::make_shared<semaphore>(0);
    missing = 20;
    for (int i = 0; i < 20; ++i)
      go([&missing, open] {
        open->acquire();
        --missing;
      });
    sleep_for(500us);
    open->release(20);
  });
}

TEST_F(TwoThreads, TheOneThatAComputingTaskHandedAValueIsTaken) {
  expect_taken([](std::atomic<int> &missing) {
    const chan<int> c;
    missing = 1;
    go([&missing, c] { missing -= *c.recv(); });
    sleep_for(500us);
    c.send(1);
  });
}

// After thousands of hand-overs, where waking another thread was in vain each time.
TEST_F(TwoThreads, ItIsTakenAfterManyHandOversToo) {
  expect_taken([](std::atomic<int> &missing) {
    const chan<int> there, back;
    missing = 1;
    go([&missing, there, back] {
      for (int v = *there.recv(); v >= 0; v = *there.recv())
        back.send(v);
      --missing;
    });
    for (int i = 0; i < 1000 * size_factor; ++i) {
      there.send(i);
      back.recv();
    }
    yield(); // it waits for the next
    there.send(-1);
  });
}

TEST_F(TwoThreads, TimersBehindAComputingTaskFire) {
  expect_taken(
      [](std::atomic<int> &missing) {
        missing = 2;
        go([&missing] {
          sleep_for(1ms);
          --missing;
        });
        yield();
        after_func(1ms, [&missing] { --missing; });
      },
      1ms);
}

// Whoever yields beside a computing task may go on with the other thread.
TEST_F(TwoThreads, ATaskThatYieldsBehindAComputingOneGoesOn) {
  expect_taken([](std::atomic<int> &missing) {
    missing = 10;
    for (int t = 0; t < 10; ++t)
      go([&missing] {
        for (int i = 0; i < 10; ++i)
          yield();
        --missing;
      });
    yield();
  });
}

} // namespace
