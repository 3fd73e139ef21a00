// Every way to end a process with a leaked task: what is reported, and with which status.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t return 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c '%t exit-in-task 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c '%t quick-exit 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c '%t underscore-exit 2>%t.err; test $? = 5' && count 0 < %t.err
// RUN: sh -c '%t abort 2>%t.err; test $? -ge 128'
// RUN: sh -c '%t uncaught 2>%t.err; test $? -ge 128' && FileCheck --check-prefix=UNCAUGHT %s < %t.err
// RUN: sh -c '%t fork 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c '%t two-runs 2>%t.err; test $? = 23' && FileCheck --check-prefix=TWICE %s < %t.err
// RUN: sh -c '%t return 2>&-; test $? = 23'
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

static void leak_one() {
  sluice::chan<int> c;
  sluice::go([c] { c.send(1); });
  sluice::yield();
}

static int in_child() {
  pid_t child = fork();
  if (child == 0)
    std::exit(0); // nothing of the parent's is reported here
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

static void end_in_task(const std::string &how) {
  if (how == "exit-in-task")
    std::exit(0);
  if (how == "underscore-exit")
    _exit(5);
  if (how == "abort")
    std::abort();
  if (how == "uncaught")
    sluice::go("thrower", [] { throw std::runtime_error("lost"); });
  if (how == "uncaught")
    sluice::sleep_for(std::chrono::seconds(5));
}

int main(int, char **argv) {
  const std::string how = argv[1];
  sluice::run([&] {
    leak_one();
    end_in_task(how);
  });
  if (how == "quick-exit")
    std::quick_exit(0);
  if (how == "two-runs")
    sluice::run([] { leak_one(); });
  return how == "fork" ? in_child() : 0;
}
// CHECK: sluice: 1 task can never finish
// CHECK: SUMMARY: sluice: 1 leaked, 0 unfinished, 0 deadlocks
// CHECK-NOT: sluice
// UNCAUGHT: uncaught exception in task {{[0-9]+}} "thrower", started at {{.*}}.cpp:[[#]]
// TWICE: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
