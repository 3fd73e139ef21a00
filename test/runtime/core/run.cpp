// run(): results, exceptions, several times, from several threads, never inside a task.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

TEST(run, returns_what_its_function_returns) {
  EXPECT_EQ(run([] { return 3; }), 3);
  EXPECT_EQ(*run([] { return std::make_unique<int>(4); }), 4);
  int x = 0;
  EXPECT_EQ(&run([&]() -> int & { return x; }), &x);
}

TEST(run, rethrows) {
  EXPECT_THROW(run([] { throw std::runtime_error("x"); }), std::runtime_error);
}

TEST(run, throws_inside_a_task) {
  run([] { EXPECT_THROW(run([] {}), std::logic_error); });
}

TEST(run, works_from_several_threads_at_once) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([i] {
      for (int round = 0; round < 50; ++round)
        EXPECT_EQ(run([i] {
                    yield();
                    return i;
                  }),
                  i);
    });
  for (auto &t : threads)
    t.join();
}

TEST(run_death, exit_works_in_a_task) {
  EXPECT_EXIT(run([] {
                std::atexit([] { std::fputs("hook\n", stderr); });
                std::exit(7);
              }),
              testing::ExitedWithCode(7), "hook");
}

} // namespace
