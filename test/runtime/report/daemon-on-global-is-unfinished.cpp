// A receiver on a channel that static storage names is a daemon: unfinished, and no failure.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: %t 2>&1 | FileCheck %s
// RUN: sh -c 'SLUICE_OPTIONS=strict=1 %t 2>/dev/null; test $? = 23'
// RUN: env SLUICE_OPTIONS=report_unfinished=0 %t 2>&1 | count 0
#include <sluice/sluice.hpp>

static sluice::chan<int> jobs;

int main() {
  sluice::run([] {
    sluice::go("daemon", [] {
      for (int job : jobs)
        (void)job;
    });
    jobs.send(1);
  });
}
// CHECK: daemon, started at
// CHECK-NEXT: blocked in recv
// CHECK: SUMMARY: sluice: 0 leaked, 1 unfinished, 0 deadlocks
