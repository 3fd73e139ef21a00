// `sluice run` finds a defect that needs a certain order, shortens the schedule, and shows it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: sluice-command
// RUN: %cxx %s -o %t
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 40 -- %t 2>&1; test $? = 1' | FileCheck %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 40 --strategy pct -j 1 -- %t 2>&1; test $? = 1' | FileCheck %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 300 --strategy exhaustive -- %t 2>&1; test $? = 1' | FileCheck --check-prefixes=CHECK,SOME %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 300 --strategy exhaustive -- %t one 2>&1; test $? = 0' | FileCheck --check-prefix=ALL %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 10 -- %t throws 2>&1; test $? = 1' | FileCheck --check-prefix=FAILS %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 4 --timeout 1 -- %t hangs 2>&1; test $? = 0' | FileCheck --check-prefix=HANGS %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 4 -- %t polls 2>&1; test $? = 0' | FileCheck --check-prefix=POLLS %s
// RUN: sh -c '%sluice run -- %t status; test $? = 7'
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 5 -- /bin/true 2>&1; test $? = 2' | FileCheck --check-prefix=STRANGER %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 5 -- %t.none 2>&1; test $? = 2' | FileCheck --check-prefix=NONE %s
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %sluice run --explore 0 -- %t 2>&1; %sluice run --strategy best %t 2>&1; %sluice run --explor=3 %t 2>&1; %sluice run 2>&1; test $? = 2' | FileCheck --check-prefix=FLAGS %s
#include <sluice/sluice.hpp>

#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>

static void take_both(sluice::mutex &first, sluice::mutex &second) {
  std::lock_guard outer(first);
  std::lock_guard inner(second);
}

static void run_tasks(bool two) {
  sluice::mutex a;
  sluice::mutex b;
  sluice::wait_group left;
  left.add(two ? 2 : 1);
  sluice::go([&] {
    take_both(a, b);
    left.done();
  });
  if (two)
    sluice::go([&] {
      take_both(b, a);
      left.done();
    });
  left.wait();
}

int main(int argc, char **argv) {
  const std::string how = argc > 1 ? argv[1] : "two";
  sluice::run([&] {
    run_tasks(how == "two");
    if (how == "throws")
      std::abort();
    for (volatile bool on = how == "hangs"; on;) {
    }
    const sluice::chan<int> never;
    while (how == "polls" && !never.try_recv()) {
    }
  });
  return how == "status" ? 7 : 0;
}
// CHECK: 1. deadlock: lock at {{.*}}run-sums-up-a-search.cpp:{{[0-9]+}}, lock at
// CHECK-NEXT: in {{[0-9]+}} of {{[0-9]+}} runs, first in run {{[0-9]+}}; {{[12]}} decision{{s?}}, shrunk from
// CHECK: sluice: deadlock of 3 tasks
// CHECK: task {{[0-9]+}} holds {{.*}} and waits to lock
// CHECK: task {{[0-9]+}} holds {{.*}} and waits to lock
// CHECK: main task waits in wait on the wait_group
// CHECK: see: sluice explain lock-order-cycle
// CHECK: replay: SLUICE_OPTIONS=explore=replay:schedule={{[0-9.-]+}} {{.*}}run-sums-up
// CHECK: sluice: 1 finding in {{[0-9]+}} runs: {{[0-9]+}} with findings, 0 at the step limit, 0 timed out
// SOME-NEXT: sluice: {{at least .* can differ|these are all schedules that can differ}}
// ALL: sluice: 0 findings in {{[0-9]+}} runs: 0 with findings
// ALL-NEXT: sluice: these are all schedules that can differ
// FAILS: is ended by a signal: Aborted
// FAILS: replay: SLUICE_OPTIONS=explore=random:seed=1 {{.*}} throws
// HANGS: 0 at the step limit, {{[1-4]}} timed out
// POLLS: {{[1-4]}} at the step limit
// STRANGER: '/bin/true' wrote no report: it is not linked with the runtime, or starts no task
// NONE: cannot run '{{.*}}.none': No such file or directory
// FLAGS: --explore: '0' is not a number from 1 to 10000000
// FLAGS: --strategy: 'best' is no strategy
// FLAGS: unknown flag '--explor'; did you mean '--explore'?
// FLAGS: run needs a program
