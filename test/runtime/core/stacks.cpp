// Stacks hold what ordinary stacks hold, and say so when they are used up.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"
#include "core/park.hpp"
#include "core/task.hpp"

#include <sluice/chan.hpp>
#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <netdb.h>
#include <regex>
#include <string>
#include <thread>
#include <unistd.h>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

[[gnu::noinline]] int dig(int depth) {
  volatile char frame[512] = {};
  frame[0] = static_cast<char>(depth);
  return depth == 0 ? frame[0] : dig(depth - 1) + (frame[0] & 0);
}

TEST(stacks, library_calls_fit) {
  run([] {
    std::atomic<bool> ended = false;
    go([&] {
      EXPECT_TRUE(std::regex_match(std::string(100, 'a') + "b", std::regex("(a|b)*b")));
      char text[64];
      std::snprintf(text, sizeof text, "%.3Lf", 1.5L);
      EXPECT_STREQ(text, "1.500");
      EXPECT_GT(std::printf("%Lf\n", 1e300L), 300);
      ended = true;
    });
    while (!ended)
      yield();
  });
}

// The deepest of the C library's usual calls: it reads files, loads modules and has large frames.
TEST(stacks, name_resolution_fits) {
  run([] {
    std::atomic<int> ended = 0;
    for (int i = 0; i < 4; ++i)
      go([&] {
        addrinfo *found = nullptr;
        EXPECT_EQ(getaddrinfo("localhost", nullptr, nullptr, &found), 0);
        if (found)
          freeaddrinfo(found);
        EXPECT_NE(getaddrinfo("no such host", "http", nullptr, &found), 0);
        ended++;
      });
    while (ended != 4)
      yield();
  });
}

TEST(stacks, the_main_task_may_recurse_deeply) {
  run([] { EXPECT_EQ(dig(4000), 0); });
}

TEST(stacks, a_task_has_the_stack_it_asked_for) {
  run([] {
    std::atomic<bool> ended = false;
    go(task_options{.stack_size = 8 << 20}, [&] {
      dig(4000);
      ended = true;
    });
    while (!ended)
      yield();
  });
}

TEST(stacks, thousands_of_parked_tasks_have_their_own) {
  constexpr int tasks = 2000;
  std::atomic<int> ended = 0;
  run([&] {
    for (int i = 0; i < tasks; ++i)
      go([&, i] {
        volatile int mine = i;
        sleep_for(20ms);
        EXPECT_EQ(mine, i);
        ended++;
      });
    while (ended != tasks)
      sleep_for(1ms);
  });
}

void overflow() {
  run([] {
    go("digger", [] { dig(1 << 20); });
    sleep_for(10s);
  });
}

TEST(stacks_death, an_overflow_names_the_task) {
  EXPECT_DEATH(overflow(), "stack overflow in task .*\"digger\", started at .*stacks.cpp");
}

TEST(stacks_death, an_overflow_is_found_with_mapped_guards_too) {
  EXPECT_DEATH(
      {
        core::options.guard = core::settings::guard_kind::always;
        core::options.guard_advice = false;
        overflow();
      },
      "stack overflow in task");
}

// As on a system without guards by advice: mapped ones as far as the system's limit on mappings
// lets them be, then none. (Sanitizers need too much memory for so many.)
#if !defined(SLUICE_ASAN) && !defined(SLUICE_TSAN)

long resident_pages() {
  long size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return resident;
}

/// How often the threads of this process, but for the caller, have gone to sleep.
long worker_switches() {
  long all = 0;
  const std::string own = std::to_string(gettid());
  for (const auto &thread : std::filesystem::directory_iterator("/proc/self/task")) {
    if (thread.path().filename() == own)
      continue;
    std::ifstream status(thread.path() / "status");
    for (std::string word; status >> word;)
      if (word == "voluntary_ctxt_switches:") {
        long n = 0;
        status >> n;
        all += n;
      }
  }
  return all;
}

/// Has so many tasks parked at once, and waits for their ends.
void park_and_wake(int tasks) {
  std::atomic<int> parked = 0, ended = 0;
  const chan<> gate;
  for (int i = 0; i < tasks; ++i)
    go([&] {
      ++parked;
      gate.recv();
      ++ended;
    });
  while (parked != tasks)
    yield();
  gate.close();
  while (ended != tasks)
    yield();
}

TEST(stacks_death, more_tasks_than_can_be_guarded_run_all_the_same) {
  EXPECT_EXIT(
      {
        core::options.guard_advice = false;
        run([] { park_and_wake(33000); });
        std::exit(0);
      },
      testing::ExitedWithCode(0), "more task stacks than this system can guard");
}

// Uses the stack up to a few bytes from its end.
[[gnu::noinline]] void dig_down_to(const char *end) {
  volatile char frame[64];
  frame[0] = 1;
  if (const_cast<const char *>(frame) > end)
    dig_down_to(end);
  frame[1] = frame[0];
}

TEST(stacks_death, without_guards_an_overflow_is_found_when_the_task_waits) {
  EXPECT_DEATH(
      {
        core::options.guard = core::settings::guard_kind::never;
        run([] {
          go("digger", [] {
            dig_down_to(static_cast<const core::task *>(core::self())->stack.bottom + 300);
            sleep_for(1ms);
          });
          sleep_for(10s);
        });
      },
      "stack overflow in task [0-9]+, found when it waited");
}

// What a burst of tasks took goes back to the system once the process has rested, and then nothing
// wakes it any more.
TEST(stacks, memory_of_ended_tasks_goes_back_after_a_rest) {
  constexpr int tasks = 20000;
  run([] { park_and_wake(tasks); });
  const long before = resident_pages();
  std::this_thread::sleep_for(2500ms);
  EXPECT_LT(resident_pages(), before - tasks / 2);
  const long switches = worker_switches();
  std::this_thread::sleep_for(1s);
  EXPECT_EQ(worker_switches(), switches);
  std::atomic<int> again = 0; // and the stacks are good for more
  run([&] {
    for (int i = 0; i < 1000; ++i)
      go([&] {
        sleep_for(1ms);
        ++again;
      });
    while (again != 1000)
      sleep_for(1ms);
  });
}
#endif

} // namespace
