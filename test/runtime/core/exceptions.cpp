// Exceptions stay with their task, wherever it parks and whoever resumes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <string>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

void rethrow_after_a_wait(int me) {
  try {
    throw std::runtime_error(std::to_string(me));
  } catch (...) {
    for (int i = 0; i < 20; ++i)
      yield();
    try {
      throw;
    } catch (const std::runtime_error &e) {
      EXPECT_EQ(e.what(), std::to_string(me));
    }
  }
}

struct waits_in_destructor {
  ~waits_in_destructor() {
    EXPECT_EQ(std::uncaught_exceptions(), 1);
    sleep_for(1ms);
    EXPECT_EQ(std::uncaught_exceptions(), 1);
  }
};

void wait_while_unwinding(int me) {
  try {
    waits_in_destructor w;
    throw me;
  } catch (int caught) {
    EXPECT_EQ(caught, me);
  }
  EXPECT_EQ(std::uncaught_exceptions(), 0);
}

void in_many_tasks(void (*f)(int)) {
  run([&] {
    std::atomic<int> ended = 0;
    for (int i = 0; i < 50; ++i)
      go([&, i] {
        f(i);
        ended++;
      });
    while (ended != 50)
      yield();
  });
}

TEST(exceptions, wait_inside_a_catch) { in_many_tasks(rethrow_after_a_wait); }
TEST(exceptions, wait_in_a_destructor_while_unwinding) { in_many_tasks(wait_while_unwinding); }

TEST(exceptions_death, one_that_leaves_a_task_names_it) {
  EXPECT_DEATH(run([] {
                 go("thrower", [] { throw std::runtime_error("out"); });
                 sleep_for(10s);
               }),
               "uncaught exception in task.*thrower.*exceptions.cpp");
}

} // namespace
