// Forks, closed descriptors, static objects and threads that are left over: none makes an end hang,
// loses a report or gives it twice.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UNSUPPORTED: tsan
// (TSan does not support tasks in a child of fork)
// RUN: %cxx %s -o %t
// RUN: env ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=die_after_fork=0 python3 %S/Inputs/run_table.py %t %s
// RUN: env ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS=die_after_fork=0 SLUICE_OPTIONS=procs=1 python3 %S/Inputs/run_table.py %t %s
// RUN: sh -c 'timeout 9 %t leak 2>&- >%t.out; test $? = 23' && grep begun %t.out
// RUN: sh -c 'timeout 9 %t leak >&- 2>%t.err; test $? = 23' && grep SUMMARY %t.err
// RUN: rm -f %t.own && sh -c 'timeout 9 %t own-file %t.own 2>&- >%t.out; test $? = 23' && grep begun %t.out
// RUN: grep mine %t.own && not grep sluice %t.own
// RUN: sh -c 'SLUICE_OPTIONS=log_path=/proc/none/x timeout 9 %t leak 2>&- >%t.out; test $? = 23'
// RUN: sh -c 'SLUICE_OPTIONS=log_path=/proc/none timeout 9 %t leak 2>%t.err; test $? = 23' && grep SUMMARY %t.err
// RUN: sh -c 'SLUICE_OPTIONS=nonsense=1 timeout 9 %t own-file %t.own 2>&-; test $? = 2'
// RUN: sh -c '(sleep 8 | timeout 7 %t reads-stdin 2>%t.err; echo $? >%t.status)'; grep 23 %t.status && grep SUMMARY %t.err
#include <sluice/sluice.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

static std::string how;

static void leak_one() {
  sluice::chan<int> nobody;
  sluice::go([nobody] { nobody.send(1); });
  sluice::yield();
}

static void run_with_leak() {
  sluice::run([] {
    sluice::go({.stack_size = 1 << 20}, leak_one);
    sluice::sleep_for(1ms);
  });
}

/// Uses the library when nothing else of the program is left.
struct late_user {
  sluice::chan<int> jobs{1};
  sluice::mutex mu;
  sluice::wait_group all;
  ~late_user() {
    if (how == "late-use") {
      std::lock_guard hold(mu);
      jobs.send(1);
      jobs.recv();
      jobs.close();
    }
    if (how == "late-go") {
      all.add(1);
      sluice::go([this] { all.done(); });
      all.wait();
    }
    if (how == "late-run")
      sluice::run([] { sluice::yield(); });
    if (how == "late-block" || how == "late-block-leak")
      jobs.recv();
  }
};
static late_user late;

static int status_of(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int fork_and(void (*f)()) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    f();
    _exit(99);
  }
  return status_of(child);
}

static void exit_3() { std::exit(3); }
static void exec_true() { execl("/bin/sh", "sh", "-c", "exit 3", nullptr); }
static void run_in_child() {
  sluice::run([] { sluice::yield(); });
  std::exit(3);
}
static void leak_in_child() {
  run_with_leak();
  std::exit(3);
}
static void abort_in_child() { std::abort(); }

/// Its status tells whether the child ended as it should; the leak is the parent's.
static void fork_in(bool in_task, void (*f)(), int expected) {
  int got = 0;
  if (in_task)
    sluice::run([&] {
      sluice::go({.stack_size = 1 << 20}, leak_one);
      sluice::sleep_for(1ms);
      got = fork_and(f);
    });
  else
    got = (run_with_leak(), fork_and(f));
  if (got != expected)
    std::fprintf(stderr, "the child's status is %d\n", got), _exit(98);
}

static void end_with_channels() {
  sluice::chan<int> c(1);
  c.send(1);
  c.recv();
  std::fprintf(stderr, "handled\n");
  std::fflush(stdout);
  std::_Exit(6);
}

static int end() {
  if (how == "leak" || how == "late-block-leak")
    run_with_leak();
  if (how == "fork-exit")
    fork_in(false, exit_3, 3);
  if (how == "fork-exec")
    fork_in(false, exec_true, 3);
  if (how == "fork-run")
    fork_in(false, run_in_child, 3);
  if (how == "fork-leak")
    fork_in(false, leak_in_child, 23);
  if (how == "fork-abort")
    fork_in(false, abort_in_child, 134);
  if (how == "task-fork-exit")
    fork_in(true, exit_3, 3);
  if (how == "task-fork-exec")
    fork_in(true, exec_true, 3);
  if (how == "task-fork-abort")
    fork_in(true, abort_in_child, 134);
  if (how == "terminate-handler") {
    std::set_terminate(end_with_channels);
    sluice::run([] { sluice::go([] { throw std::runtime_error("lost"); }), sluice::sleep_for(5s); });
  }
  if (how == "thread-in-recv") {
    sluice::chan<int> c;
    std::thread([c] { c.recv(); }).detach();
    run_with_leak();
  }
  if (how == "thread-in-recv-alone") {
    sluice::chan<int> c;
    std::thread([c] { c.recv(); }).detach();
    std::this_thread::sleep_for(10ms);
  }
  if (how == "deadlocked") // not yet found when the process ends
    sluice::run([] {
      auto mu = std::make_shared<sluice::mutex>();
      sluice::go([mu] {
        std::lock_guard hold(*mu);
        sluice::chan<int>().recv();
      });
      sluice::go([mu] {
        sluice::sleep_for(1ms);
        mu->lock();
      });
      sluice::sleep_for(5ms);
    });
  if (how == "reads-stdin") {
    std::thread([] { std::getchar(); }).detach();
    std::this_thread::sleep_for(50ms);
    run_with_leak();
  }
  return 5;
}

int main(int argc, char **argv) {
  rlimit no_core{};
  setrlimit(RLIMIT_CORE, &no_core);
  std::printf("begun\n");
  how = argv[1];
  if (how == "own-file" && argc > 2) {
    const int own = open(argv[2], O_CREAT | O_WRONLY, 0644);
    (void)!write(own, "mine\n", 5);
    run_with_leak();
  }
  return end();
}
// END: nothing              -> 5 0
// END: leak                 -> 23 1 1 leaked, 0 unfinished
// END: late-use             -> 5 0
// END: late-go              -> 5 0
// END: late-run             -> 5 0
// END: late-block           -> 23 1 1 deadlocks
// END: late-block-leak      -> 23 2 1 leaked, 0 unfinished
// END: fork-exit            -> 23 1 1 leaked, 0 unfinished
// END: fork-exec            -> 23 1 1 leaked, 0 unfinished
// END: fork-run             -> 23 1 1 leaked, 0 unfinished
// END: fork-leak            -> 23 2 1 leaked, 0 unfinished
// END: fork-abort           -> 23 1 1 leaked, 0 unfinished
// END: task-fork-exit       -> 23 1 1 leaked, 0 unfinished
// END: task-fork-exec       -> 23 1 1 leaked, 0 unfinished
// END: task-fork-abort      -> 23 1 1 leaked, 0 unfinished
// END: terminate-handler    -> 6 0 handled
// END: thread-in-recv       -> 23 1 1 leaked, 0 unfinished
// END: thread-in-recv-alone -> 5 0
// END: deadlocked           -> 23 1 2 leaked, 0 unfinished
