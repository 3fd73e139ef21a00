// Wake-ups are neither lost nor doubled, with and without deadlines.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "meeting.hpp"

#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <memory>
#include <thread>

using namespace sluice;
using namespace std::chrono_literals;
using test::meeting;

namespace {

void ping_pong(int rounds, bool hand_over) {
  run([&] {
    // Shared: the last signal still unlocks when its waiter is gone.
    auto there = std::make_shared<meeting>();
    auto back = std::make_shared<meeting>();
    go([=] {
      for (int i = 0; i < rounds; ++i) {
        there->wait(clock::time_point::max(), hand_over);
        back->signal();
      }
    });
    for (int i = 0; i < rounds; ++i) {
      there->signal();
      back->wait(clock::time_point::max(), hand_over);
    }
  });
}

TEST(parking, ping_pong_through_the_queue) { ping_pong(20000, false); }
TEST(parking, ping_pong_by_hand_over) { ping_pong(20000, true); }

TEST(parking, a_wait_ends_at_its_deadline) {
  run([&] {
    meeting m;
    const auto start = clock::now();
    EXPECT_FALSE(m.wait(start + 10ms));
    EXPECT_GE(clock::now() - start, 10ms);
  });
}

TEST(parking, a_signal_beats_a_late_deadline) {
  run([&] {
    auto m = std::make_shared<meeting>();
    go([=] { m->signal(); });
    EXPECT_TRUE(m->wait(clock::now() + 10s));
  });
}

TEST(parking, signals_and_deadlines_race) {
  std::atomic<int> got = 0;
  std::atomic<int> missed = 0;
  run([&] {
    std::atomic<int> ended = 0;
    for (int i = 0; i < 200; ++i)
      go([&, i] {
        auto m = std::make_shared<meeting>();
        go([m, i] {
          sleep_for(std::chrono::microseconds(900 + i));
          m->signal();
        });
        (m->wait(clock::now() + 1ms) ? got : missed)++;
        ended++;
      });
    while (ended != 200)
      sleep_for(1ms);
  });
  EXPECT_EQ(got + missed, 200);
}

TEST(parking, tasks_and_threads_meet) {
  meeting there;
  meeting back;
  constexpr int rounds = 500;
  std::thread peer([&] {
    for (int i = 0; i < rounds; ++i) {
      there.wait();
      back.signal();
    }
  });
  run([&] {
    for (int i = 0; i < rounds; ++i) {
      there.signal();
      back.wait();
    }
  });
  peer.join();
}

// Read out of line: compilers compute errno's address once a function. TSan would take the tasks of
// one thread, which share the variable in turn, for racing threads.
[[gnu::noinline, gnu::no_sanitize_thread]] int error_now() { return errno; }
[[gnu::noinline, gnu::no_sanitize_thread]] void set_error(int e) { errno = e; }

TEST(parking, errno_stays_with_its_task) {
  run([&] {
    std::atomic<int> ended = 0;
    for (int i = 1; i <= 8; ++i)
      go([&, i] {
        for (int round = 0; round < 200; ++round) {
          set_error(i);
          yield();
          EXPECT_EQ(error_now(), i);
          if (round % 50 == 0)
            sleep_for(1ms);
        }
        ended++;
      });
    while (ended != 8)
      yield();
  });
}

} // namespace
