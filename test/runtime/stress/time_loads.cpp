// Timers, tickers, sleeps and contexts under random schedules: never early, in order, and not after
// they were taken back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "crowd.hpp"
#include "load.hpp"

#include <sluice/chan.hpp>
#include <sluice/context.hpp>
#include <sluice/select.hpp>
#include <sluice/time.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <vector>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

void sleeps_are_never_short(chance &random) {
  crowd members(random);
  for (int m = 0; m < 8; ++m)
    members.add([&](chance &own) {
      for (int i = 0; i < 10 * size_factor; ++i, own.pause()) {
        const auto d = own.up_to(300us);
        const auto start = clock::now();
        sleep_for(d);
        EXPECT_GE(clock::now() - start, d);
      }
    });
}

/// One timer, and between which moments its deadline lies.
struct bracketed {
  clock::time_point earliest, latest;
  recv_chan<clock::time_point> at;
};

bracketed start_timer(std::chrono::microseconds d) {
  bracketed b;
  b.earliest = clock::now() + d;
  b.at = after(d);
  b.latest = clock::now() + d;
  return b;
}

// Once a timer has delivered, all that were surely due before it have.
void timers_fire_in_order(chance &random) {
  const timer behind_all(1h);
  std::vector<bracketed> timers;
  for (int i = 0; i < 20 * size_factor; ++i, random.pause())
    timers.push_back(start_timer(200us + random.up_to(1500us)));
  while (!timers.empty()) {
    const std::size_t chosen = random.below(timers.size());
    const bracketed t = timers[chosen];
    const auto fired = t.at.recv();
    EXPECT_GE(*fired, t.earliest);
    for (const bracketed &other : timers)
      if (other.latest < t.earliest) {
        EXPECT_EQ(other.at.size(), 1u);
      }
    timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(chosen));
  }
}

// A timer that is stopped, reset and received from, all in a race with its firing.
void timers_are_taken_back(chance &random) {
  crowd members(random);
  for (int m = 0; m < 4; ++m)
    members.add([&](chance &own) {
      timer t(own.up_to(100us));
      for (int i = 0; i < 30 * size_factor; ++i, own.pause()) {
        if (own.one_in(3)) {
          t.stop();
          EXPECT_FALSE(t.channel().try_recv());
        }
        const auto d = own.up_to(100us);
        const auto start = clock::now();
        t.reset(d);
        if (own.one_in(4))
          continue; // it may fire or not before the next reset
        const auto at = t.channel().recv();
        EXPECT_GE(*at - start, d);
      }
      t.stop();
    });
}

void functions_run_unless_stopped(chance &random) {
  std::atomic<int> ran{0};
  wait_group running;
  int expected = 0;
  for (int i = 0; i < 50 * size_factor; ++i, random.pause()) {
    running.add();
    timer t = after_func(random.up_to(100us), [&] {
      ++ran;
      running.done();
    });
    if (random.one_in(3)) {
      random.pause();
      if (t.stop()) {
        running.done();
        continue;
      }
    }
    ++expected;
  }
  running.wait();
  EXPECT_EQ(ran, expected);
}

void tickers_tick_forward(chance &random) {
  crowd members(random);
  for (int m = 0; m < 3; ++m)
    members.add([&](chance &own) {
      ticker t(50us + own.up_to(100us));
      clock::time_point last{};
      for (int i = 0; i < 8 * size_factor; ++i, own.pause()) {
        const auto at = t.channel().recv();
        EXPECT_GT(*at, last);
        last = *at;
      }
      t.stop();
      EXPECT_FALSE(t.channel().try_recv());
    });
}

// A tree of contexts, somebody waiting at each node; nodes end by their deadline, by a cancel of
// their own, and all of them at last by that of the root.
void contexts_end(chance &random) {
  for (int round = 0; round < 6 * size_factor; ++round) {
    std::vector<cancellable_context> tree{with_cancel({})};
    std::atomic<int> woken{0};
    crowd members(random);
    const int nodes = 2 + static_cast<int>(random.below(20));
    for (int i = 0; i < nodes; ++i) {
      const context parent = tree[random.below(tree.size())].ctx;
      tree.push_back(random.one_in(2) ? with_timeout(parent, random.up_to(400us))
                                      : with_cancel(parent));
      members.add([&, ctx = tree.back().ctx](chance &own) {
        own.pause();
        const chan<int> nobody(0);
        if (own.one_in(2)) {
          EXPECT_FALSE(nobody.recv(ctx));
        } else {
          EXPECT_EQ(select(on_recv(nobody), on_recv(ctx.done()), on_send(nobody, 1)), 1);
        }
        EXPECT_TRUE(ctx.err());
        ++woken;
      });
    }
    members.add([cancel = tree[1 + random.below(tree.size() - 1)].cancel](chance &own) {
      own.pause();
      cancel();
    });
    random.pause();
    tree[0].cancel();
    members.wait();
    EXPECT_EQ(woken, nodes);
  }
}

// Deadlines alone have to end these waits, whatever else the scheduler threads are doing.
void deadlines_end_waits(chance &random) {
  crowd members(random);
  for (int m = 0; m < 6; ++m)
    members.add([&](chance &own) {
      const chan<int> nobody(0);
      for (int i = 0; i < 10 * size_factor; ++i, own.pause()) {
        const auto d = own.up_to(200us);
        const auto start = clock::now();
        switch (own.below(3)) {
        case 0:
          EXPECT_FALSE(nobody.recv_for(d));
          break;
        case 1:
          EXPECT_FALSE(nobody.send(1, with_timeout({}, d).ctx));
          break;
        default:
          EXPECT_EQ(select(on_recv(nobody), on_recv(after(d))), 1);
        }
        EXPECT_GE(clock::now() - start, d);
        chance::spin(own.below(20000));
      }
    });
}

constexpr load loads[] = {
    {"SleepsAreNeverShort", sleeps_are_never_short},
    {"TimersFireInOrder", timers_fire_in_order},
    {"TimersAreTakenBack", timers_are_taken_back},
    {"FunctionsRunUnlessStopped", functions_run_unless_stopped},
    {"TickersTickForward", tickers_tick_forward},
    {"ContextsEnd", contexts_end},
    {"DeadlinesEndWaits", deadlines_end_waits},
};

} // namespace

std::span<const load> time_loads() { return loads; }

} // namespace sluice::test
