// A child of fork may exec, exit, or begin anew with run().
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/task.hpp>

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

using namespace sluice;
using namespace std::chrono_literals;

namespace {

int status_of(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  return status;
}

template <class F> int in_child(F f) {
  run([] { yield(); });
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);
    _exit(f());
  }
  return status_of(child);
}

TEST(fork, a_child_runs_anew) {
#ifdef SLUICE_TSAN
  GTEST_SKIP() << "TSan does not follow threads that start after a fork of a threaded process";
#endif
  EXPECT_EQ(in_child([] {
              return run([] {
                sleep_for(1ms);
                return 0;
              });
            }),
            0);
}

TEST(fork, go_before_run_aborts) {
  const int status = in_child([] {
    go([] {});
    return 0;
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

TEST(fork, a_task_may_fork_and_exit) {
  int status = -1;
  run([&] {
    const pid_t child = fork();
    if (child == 0)
      _exit(5);
    status = status_of(child);
  });
  EXPECT_EQ(WEXITSTATUS(status), 5);
}

TEST(fork, parking_in_a_task_that_forked_aborts) {
  int status = -1;
  run([&] {
    const pid_t child = fork();
    if (child == 0) {
      sleep_for(1ms);
      _exit(0);
    }
    status = status_of(child);
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

} // namespace
