// However a process ends, it ends, and says what it owes exactly once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: env ASAN_OPTIONS=handle_segv=0 TSAN_OPTIONS=handle_segv=0:report_signal_unsafe=0 python3 %S/Inputs/run_table.py %t %s
// RUN: env ASAN_OPTIONS=handle_segv=0 TSAN_OPTIONS=handle_segv=0:report_signal_unsafe=0 SLUICE_OPTIONS=procs=1 python3 %S/Inputs/run_table.py %t %s
#include <sluice/sluice.hpp>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

static std::string how;
static char *self;
static int *volatile nowhere = nullptr;

static void leak_one() {
  sluice::chan<int> nobody;
  sluice::go([nobody] { nobody.send(1); });
  sluice::yield();
}

static void end_process() {
  if (how == "exit")
    std::exit(5);
  if (how == "quick_exit")
    std::quick_exit(5);
  if (how == "_exit")
    std::fflush(stdout), _exit(5);
  if (how == "abort")
    std::fflush(stdout), std::abort();
  if (how == "throw")
    std::fflush(stdout), throw std::runtime_error("lost");
  if (how == "terminate")
    std::fflush(stdout), std::terminate();
  if (how == "kill")
    std::fflush(stdout), kill(getpid(), SIGKILL), pause();
  if (how == "term")
    std::fflush(stdout), kill(getpid(), SIGTERM), pause();
  if (how == "fault")
    std::fflush(stdout), *nowhere = 1;
  if (how == "exec")
    std::fflush(stdout), execl(self, self, "again", nullptr);
}

static void handler(int) { end_process(); }

static void compute_for_ever() {
  for (volatile unsigned n = 0;; n = n + 1) {
  }
}

static void end_from(const std::string &where) {
  if (where == "task")
    sluice::go("ender", end_process);
  if (where == "thread")
    std::thread(end_process).detach();
  if (where == "handler")
    std::raise(SIGUSR1);
  if (where == "two") // both call it at the same time, or nearly so
    for (int i = 0; i < 2; ++i)
      sluice::go(end_process);
  if (where == "many")
    for (int i = 0; i < 6; ++i)
      std::thread(end_process).detach();
  if (where == "busy") {
    for (int i = 0; i < 4; ++i)
      sluice::go(compute_for_ever);
    std::thread(end_process).detach();
  }
  if (where == "main-task")
    end_process();
  sluice::sleep_for(60s);
}

int main(int argc, char **argv) {
  rlimit no_core{};
  setrlimit(RLIMIT_CORE, &no_core);
  if (std::strcmp(argv[1], "again") == 0)
    return 7;
  std::signal(SIGUSR1, handler);
  std::printf("begun\n");
  self = argv[0];
  how = argv[1];
  const std::string where = argv[2];
  const bool leaks = argc > 3;
  sluice::run([&] {
    if (leaks) // on a stack that nobody uses after it, with all that is left there
      sluice::go({.stack_size = 1 << 20}, leak_one);
    sluice::sleep_for(1ms);
    if (where != "main")
      end_from(where);
  });
  if (how == "return")
    return 5;
  end_process();
}
// END: return main            -> 5 0
// END: return main leak       -> 23 1 1 leaked, 0 unfinished
// END: exit main              -> 5 0
// END: exit main leak         -> 23 1 1 leaked, 0 unfinished
// END: exit main-task         -> 5 0
// END: exit main-task leak    -> 23 1 1 leaked, 0 unfinished
// END: exit task              -> 5 0
// END: exit task leak         -> 23 1 1 leaked, 0 unfinished
// END: exit thread            -> 5 0
// END: exit thread leak       -> 23 1 1 leaked, 0 unfinished
// END: exit handler           -> 5 0
// END: exit two               -> 5 0
// END: exit two leak          -> 23 1 1 leaked, 0 unfinished
// END: exit busy              -> 5 0
// END: exit busy leak         -> 23 1 1 leaked, 0 unfinished
// END: quick_exit main        -> 5 0 lost
// END: quick_exit main leak   -> 23 1 1 leaked, 0 unfinished
// END: quick_exit task        -> 5 0 lost
// END: quick_exit task leak   -> 23 1 1 leaked, 0 unfinished
// END: quick_exit thread leak -> 23 1 1 leaked, 0 unfinished
// END: quick_exit two leak    -> 23 1 1 leaked, 0 unfinished
// END: exit many leak         -> 23 1 1 leaked, 0 unfinished
// END: quick_exit busy leak   -> 23 1 1 leaked, 0 unfinished
// END: _exit main leak        -> 5 0 1 task can never finish
// END: _exit main-task leak   -> 5 0
// END: _exit task leak        -> 5 0
// END: _exit thread leak      -> 5 0
// END: _exit handler leak     -> 5 0
// END: _exit busy leak        -> 5 0
// END: abort main-task leak   -> 134 0
// END: abort task leak        -> 134 0
// END: abort thread leak      -> 134 0
// END: abort handler leak     -> 134 0
// END: throw main-task        -> 134 0 lost
// END: throw task             -> 134 0 uncaught exception in task
// END: throw task leak        -> 134 0 "ender", started at
// END: throw thread leak      -> 134 0 terminate called
// END: terminate task leak    -> 134 0 terminate called
// END: kill task leak         -> 137 0
// END: kill thread leak       -> 137 0
// END: term task leak         -> 143 0
// END: fault main-task leak   -> 139 0
// END: fault task leak        -> 139 0
// END: fault thread leak      -> 139 0
// END: exec main-task leak    -> 7 0
// END: exec task leak         -> 7 0
// END: exec thread leak       -> 7 0
