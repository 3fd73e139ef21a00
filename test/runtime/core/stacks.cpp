// Stacks hold what ordinary stacks hold, and say so when they are used up.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"

#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <netdb.h>
#include <regex>
#include <string>

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
        overflow();
      },
      "stack overflow in task");
}

} // namespace
