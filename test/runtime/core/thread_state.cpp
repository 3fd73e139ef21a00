// What belongs to a thread and what to a task, when a task goes on with another thread.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/event.hpp"
#include "core/park.hpp"
#include "core/worker.hpp"

#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <cfenv>
#include <exception>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

// Out of line, all of them: compilers compute the address of what belongs to a thread once in a
// function, and take the thread's identity for a constant. TSan would take tasks that share such a
// variable in turn for racing threads.
#define SLUICE_OF_THE_THREAD [[gnu::noinline, gnu::no_sanitize_thread]]
SLUICE_OF_THE_THREAD int error_now() { return errno; }
SLUICE_OF_THE_THREAD void set_error(int e) { errno = e; }
SLUICE_OF_THE_THREAD int thread_number() { return static_cast<int>(gettid()); }
SLUICE_OF_THE_THREAD std::thread::id thread_id() {
  asm volatile("" ::: "memory"); // or a second call would be left out, as of a constant
  return std::this_thread::get_id();
}

thread_local int own_number = 0;
SLUICE_OF_THE_THREAD int kept_number() {
  if (own_number == 0)
    own_number = thread_number();
  return own_number;
}

/// Parks until this task goes on with another thread; says whether it ever does.
bool migrate() {
  const int from = thread_number();
  const auto until = clock::now() + 20s;
  for (int i = 0; thread_number() == from; ++i) {
    if (clock::now() > until)
      return false;
    const auto busy = clock::now() + std::chrono::microseconds(i % 5 * 20);
    while (clock::now() < busy) {
    }
    i % 3 ? yield() : sleep_for(20us);
  }
  return true;
}

/// Runs `f(i)` in eight tasks at once, on several scheduler threads.
class Migration : public testing::Test {
protected:
  void in_tasks(const std::function<void(int)> &f) {
    if (core::options.procs == 1)
      GTEST_SKIP() << "needs a second scheduler thread";
    run([&] {
      wait_group all;
      all.add(8);
      for (int i = 1; i <= 8; ++i)
        go([&, i] {
          f(i);
          all.done();
        });
      all.wait();
    });
  }
};

TEST_F(Migration, InACatchBlockKeepsItsException) {
  in_tasks([](int me) {
    try {
      throw std::runtime_error(std::to_string(me));
    } catch (...) {
      EXPECT_TRUE(migrate());
      try {
        throw;
      } catch (const std::runtime_error &e) {
        EXPECT_TRUE(migrate());
        EXPECT_EQ(e.what(), std::to_string(me));
      }
      EXPECT_TRUE(std::current_exception() != nullptr);
    }
    EXPECT_TRUE(std::current_exception() == nullptr);
  });
}

struct migrates_in_destructor {
  ~migrates_in_destructor() {
    EXPECT_EQ(std::uncaught_exceptions(), 1);
    EXPECT_TRUE(migrate());
    EXPECT_EQ(std::uncaught_exceptions(), 1);
    try { // an exception inside of the unwinding of another one
      throw std::logic_error("inner");
    } catch (const std::logic_error &) {
      EXPECT_TRUE(migrate());
    }
    EXPECT_EQ(std::uncaught_exceptions(), 1);
  }
};

TEST_F(Migration, InADestructorWhileUnwindingKeepsItsException) {
  in_tasks([](int me) {
    try {
      migrates_in_destructor d;
      throw me;
    } catch (int caught) {
      EXPECT_EQ(caught, me);
    }
    EXPECT_EQ(std::uncaught_exceptions(), 0);
  });
}

TEST_F(Migration, KeepsErrno) {
  in_tasks([](int me) {
    for (int round = 0; round < 5; ++round) {
      set_error(me);
      EXPECT_TRUE(migrate());
      EXPECT_EQ(error_now(), me);
    }
  });
}

TEST_F(Migration, KeepsItselfAndFindsTheNewThread) {
  in_tasks([](int) {
    const core::execution *me = core::self();
    for (int round = 0; round < 5; ++round) {
      const core::worker *before = core::this_worker();
      EXPECT_TRUE(migrate());
      EXPECT_NE(core::this_worker(), before);
      EXPECT_EQ(core::self(), me);
      EXPECT_EQ(core::this_worker()->current, me);
    }
  });
}

TEST_F(Migration, SeesTheVariablesOfTheThreadThatRunsIt) {
  in_tasks([](int) {
    for (int round = 0; round < 5; ++round) {
      EXPECT_EQ(kept_number(), thread_number());
      const auto before = thread_id();
      EXPECT_TRUE(migrate());
      EXPECT_EQ(kept_number(), thread_number());
      EXPECT_NE(thread_id(), before);
    }
  });
}

// A choice that the documentation names: the switch leaves the control words of floating point
// alone, so one task's rounding is the next one's on the same thread. Boost's saves them.
TEST(thread_state, rounding_is_the_threads) {
  if (core::options.procs != 1)
    GTEST_SKIP() << "shows it on one scheduler thread only";
  int seen = -1, left = -1;
  run([&] {
    std::atomic<bool> ended{false};
    const int usual = std::fegetround();
    EXPECT_EQ(std::fesetround(FE_UPWARD), 0);
    go([&] {
      seen = std::fegetround();
      std::fesetround(FE_DOWNWARD);
      ended = true;
    });
    while (!ended)
      yield();
    left = std::fegetround();
    std::fesetround(usual);
  });
#ifdef SLUICE_CONTEXT_BOOST
  EXPECT_EQ(left, FE_UPWARD);
#else
  EXPECT_EQ(seen, FE_UPWARD);
  EXPECT_EQ(left, FE_DOWNWARD);
#endif
}

} // namespace
