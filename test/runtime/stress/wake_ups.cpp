// No wake-up of a scheduler thread is lost: each step here needs one, and there are no time-outs
// that would make up for it, so that a lost one is a hang which the watchdog reports.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "chance.hpp"
#include "futex_calls.hpp"
#include "load.hpp"
#include "seeds.hpp"
#include "watchdog.hpp"

#include "core/event.hpp"
#include "core/scheduler.hpp"

#include <sluice/sluice.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

using namespace sluice;
using namespace sluice::test;
using namespace std::chrono_literals;

namespace {

constexpr int rounds = 150 * size_factor;

/// Waits about as long as a scheduler thread takes from its last task to its sleep, or less, so
/// that what follows falls into each of the steps between.
void until_they_may_sleep(chance &random) {
  if (random.one_in(8)) {
    std::this_thread::sleep_for(random.up_to(1ms)); // they do sleep
    return;
  }
  const auto until = clock::now() + random.up_to(350us);
  while (clock::now() < until)
    chance::spin(10);
}

/// Computes until `flag` is set, giving away the processor but never the scheduler thread.
void compute_until(const std::atomic<bool> &flag) {
  for (int i = 0; !flag; ++i)
    i % 64 == 63 ? std::this_thread::yield() : chance::spin(10);
}

/// Runs `f(random)` on the calling thread for each seed, under the watchdog.
template <class F> void with_each_seed(const char *name, F f) {
  for (const std::uint64_t seed : seeds()) {
    watch(name, seed);
    chance random(seed);
    f(random);
  }
  unwatch();
}

/// As many tasks as there are scheduler threads but one, each of which holds its thread.
class pinned_workers {
public:
  explicit pinned_workers(unsigned n) {
    for (unsigned i = 0; i < n; ++i) {
      left.add();
      go([this] {
        ++holding;
        while (!over)
          std::this_thread::sleep_for(100us);
        left.done();
      });
    }
    while (holding != n)
      std::this_thread::yield();
  }
  ~pinned_workers() {
    over = true;
    left.wait();
  }

private:
  std::atomic<unsigned> holding{0};
  std::atomic<bool> over{false};
  wait_group left;
};

unsigned procs() { return core::worker_count(); }

/// This thread and a task throw a ball; the task's side is asleep at most of the throws.
void play(chance &random) {
  const chan<int> there, back(1);
  go([=] {
    for (int v : there)
      back.send(v + 1);
    back.close();
  });
  for (int i = 0; i < rounds; ++i) {
    until_they_may_sleep(random);
    there.send(i);
    ASSERT_EQ(back.recv(), i + 1);
  }
  there.close();
  EXPECT_FALSE(back.recv());
}

TEST(WakeUps, OfIdleWorkersByAThread) { with_each_seed("a thread wakes", play); }

TEST(WakeUps, OfTheOnlyFreeWorkerByAThread) {
  run([] {});
  if (procs() == 1)
    GTEST_SKIP() << "needs a second scheduler thread";
  pinned_workers pinned(procs() - 1);
  with_each_seed("a thread wakes the only free worker", play);
}

TEST(WakeUps, ByManyThreadsAtOnce) {
  with_each_seed("threads wake", [](chance &random) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t)
      threads.emplace_back([own = random.split()]() mutable {
        semaphore there(0), back(0);
        wait_group ended;
        ended.add();
        go([&] {
          for (int i = 0; i < rounds; ++i) {
            there.acquire();
            back.release();
          }
          ended.done();
        });
        for (int i = 0; i < rounds; ++i) {
          until_they_may_sleep(own);
          there.release();
          back.acquire();
        }
        ended.wait();
      });
    for (auto &t : threads)
      t.join();
  });
}

TEST(WakeUps, ByTheEndOfABlockingCall) {
  with_each_seed("the end of a blocking call wakes", [](chance &random) {
    run([&] {
      for (int i = 0; i < rounds / 2; ++i)
        blocking([&] { until_they_may_sleep(random); });
    });
  });
}

/// One way in which a task that then computes lets another one go on.
struct way {
  const char *name;
  /// Arranges for `flag` to be set by another task, once the function that it returns is called.
  std::function<void()> (*arrange)(std::atomic<bool> &flag);
};

void PrintTo(const way &w, std::ostream *out) { *out << w.name; }

template <class P, class Wait, class Wake>
std::function<void()> by(std::atomic<bool> &flag, std::shared_ptr<P> p, Wait wait, Wake wake) {
  go([&flag, p, wait] {
    wait(*p);
    flag = true;
  });
  return [p, wake] { wake(*p); };
}

std::shared_ptr<wait_group> one_to_wait_for() {
  auto wg = std::make_shared<wait_group>();
  wg->add();
  return wg;
}

struct gate {
  mutex mu;
  condition_variable opened;
  bool open = false;
};

void pass(gate &g) {
  std::unique_lock lock(g.mu);
  g.opened.wait(lock, [&] { return g.open; });
}

void open(gate &g) {
  std::lock_guard hold(g.mu);
  g.open = true;
  g.opened.notify_all();
}

constexpr way ways[] = {
    {"Go",
     [](std::atomic<bool> &flag) -> std::function<void()> {
       return [&flag] { go([&flag] { flag = true; }); };
     }},
    {"Release",
     [](std::atomic<bool> &flag) {
       return by(
           flag, std::make_shared<semaphore>(0), [](auto &s) { s.acquire(); },
           [](auto &s) { s.release(); });
     }},
    {"Done",
     [](std::atomic<bool> &flag) {
       return by(flag, one_to_wait_for(), [](auto &wg) { wg.wait(); }, [](auto &wg) { wg.done(); });
     }},
    {"Notify",
     [](std::atomic<bool> &flag) { return by(flag, std::make_shared<gate>(), pass, open); }},
    {"Close",
     [](std::atomic<bool> &flag) {
       return by(
           flag, std::make_shared<chan<>>(), [](auto &c) { c.recv(); }, [](auto &c) { c.close(); });
     }},
    {"Cancel",
     [](std::atomic<bool> &flag) {
       return by(
           flag, std::make_shared<cancellable_context>(with_cancel({})),
           [](auto &c) { c.ctx.done().recv(); }, [](auto &c) { c.cancel(); });
     }},
    {"Timer",
     [](std::atomic<bool> &flag) -> std::function<void()> {
       return [&flag] { after_func(200us, [&flag] { flag = true; }); };
     }},
    {"EarlierTimer",
     [](std::atomic<bool> &flag) -> std::function<void()> {
       return [&flag] {
         auto late = std::make_shared<timer>(after_func(1h, [] {}));
         after_func(100us, [&flag, late] {
           late->stop();
           flag = true;
         });
       };
     }},
};

class WakeUps : public testing::TestWithParam<way> {};

TEST_P(WakeUps, ByATaskThatComputes) {
  run([] {});
  if (procs() == 1)
    GTEST_SKIP() << "needs a second scheduler thread";
  with_each_seed(GetParam().name, [](chance &random) {
    run([&] {
      for (int i = 0; i < rounds / 5; ++i) {
        std::atomic<bool> woken{false};
        const auto wake = GetParam().arrange(woken);
        sleep_for(random.up_to(50us)); // it waits by now
        until_they_may_sleep(random);
        wake();
        compute_until(woken);
      }
    });
  });
}
INSTANTIATE_TEST_SUITE_P(Ways, WakeUps, testing::ValuesIn(ways),
                         [](const auto &info) { return std::string(info.param.name); });

// Whichever sleeper minds the timer, it is roused to compute, and another has to mind it instead.
TEST(WakeUps, OfAnotherTimekeeper) {
  run([] {});
  if (procs() < 3)
    GTEST_SKIP() << "needs a third scheduler thread";
  with_each_seed("the sleeper that minds the timer is roused", [](chance &random) {
    run([&] {
      for (int i = 0; i < rounds / 10; ++i) {
        until_they_may_sleep(random);
        std::atomic<bool> fired{false};
        task_group computing;
        const timer t = after_func(2ms, [&] { fired = true; });
        for (unsigned n = procs() - 2; n > 0; --n)
          computing.go([&] { compute_until(fired); });
        compute_until(fired);
        computing.wait();
      }
    });
  });
}

// All scheduler threads have to come, one roused by the other.
TEST(WakeUps, OfAllWorkersByOneTask) {
  run([] {});
  with_each_seed("tasks wait for each other on all threads", [](chance &random) {
    run([&] {
      for (int i = 0; i < rounds / 4; ++i) {
        until_they_may_sleep(random);
        std::atomic<unsigned> arrived{0};
        wait_group left;
        left.add(procs());
        for (unsigned t = 0; t < procs(); ++t)
          go([&] {
            for (++arrived; arrived < procs();)
              std::this_thread::yield();
            left.done();
          });
        left.wait();
      }
    });
  });
}

// Objects end while whoever let that happen is still on its way back from the wake-up.
class Destruction : public testing::TestWithParam<load> {};

TEST_P(Destruction, BehindADawdlingWaker) {
  const dawdling_wakers all;
  with_each_seed(GetParam().name, [](chance &random) { run([&] { GetParam().run(random); }); });
}
INSTANTIATE_TEST_SUITE_P(Loads, Destruction, testing::ValuesIn(destruction_loads()),
                         [](const auto &info) { return std::string(info.param.name); });

// What the tests above stand on: the threads sleep by the call that is watched, and none would wake
// by itself.
TEST(TheMode, HasNoShortSleeps) {
  const auto before = short_worker_sleeps();
  {
    pinned_workers pinned(procs() > 1 ? 1 : 0);
    for (int i = 0; i < 20; ++i) {
      run([] {}); // rouses a worker, which then sleeps while the pinned one runs
      std::this_thread::sleep_for(1ms);
    }
  }
  EXPECT_GT(worker_sleeps(), 0u);
  EXPECT_EQ(short_worker_sleeps(), before);
  for (int i = 0; i < 1000 && short_worker_sleeps() == before; ++i)
    run([] { sleep_for(2ms); });
  EXPECT_GT(short_worker_sleeps(), before);
}

} // namespace
