// A process in which everybody waits and was judged makes no wake-ups at all, and looks again once it
// is woken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// UNSUPPORTED: tsan
// (not found there yet)
// RUN: %cxx %s -o %t
// RUN: sh -c 'SLUICE_OPTIONS=deadlock_ms=50 timeout 29 %t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
#include <sluice/sluice.hpp>

#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;

/// How often the threads of a process have gone to sleep by themselves.
static long wake_ups(pid_t process) {
  long sum = 0;
  const std::string tasks = "/proc/" + std::to_string(process) + "/task/";
  DIR *dir = opendir(tasks.c_str());
  while (const dirent *e = dir ? readdir(dir) : nullptr) {
    std::ifstream status(tasks + e->d_name + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.rfind("voluntary_ctxt_switches:", 0) == 0)
        sum += std::stol(line.substr(std::strlen("voluntary_ctxt_switches:")));
  }
  closedir(dir);
  return sum;
}

static sluice::chan<int> never;

/// Made on a stack that is gone, so that no stale word of another happens to point there.
struct shared_state {
  sluice::mutex mu{"state_mu"};
  sluice::chan<int> results;
};
static std::shared_ptr<shared_state> state;

static void lock_against_each_other() {
  sluice::go("sender", [s = state] {
    std::lock_guard hold(s->mu);
    s->results.send(1);
  });
  sluice::go("receiver", [s = state] {
    sluice::sleep_for(5ms);
    std::lock_guard hold(s->mu);
    s->results.recv();
  });
  state.reset();
}

static void wait_with_many(int input) {
  for (int i = 0; i < 100; ++i)
    sluice::go({.background = true}, [] { never.recv(); });
  sluice::go({.background = true}, [input] {
    char byte;
    if (sluice::blocking([&] { return read(input, &byte, 1); }) == 1)
      lock_against_each_other();
  });
  // Or nothing at all would be left once those two wait, which is found in another way.
  sluice::blocking([] { pause(); });
}

int main() {
  int ends[2];
  if (pipe(ends) != 0)
    return 1;
  std::thread([] { state = std::make_shared<shared_state>(); }).join();
  const pid_t child = fork();
  if (child == 0) {
    sluice::run([&] { wait_with_many(ends[0]); });
    return 0;
  }
  usleep(1'500'000); // two looks at each of them, and the return of idle memory
  long passed = 1;
  for (int tries = 0; tries < 10 && passed != 0; ++tries) { // on a busy machine those take longer
    const long before = wake_ups(child);
    usleep(1'500'000);
    passed = wake_ups(child) - before;
  }
  std::fprintf(stderr, "wake-ups: %ld\n", passed);
  (void)!write(ends[1], "x", 1);
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}
// CHECK: wake-ups: 0
// CHECK: sluice: deadlock of 2 tasks
// CHECK: "sender" holds state_mu
