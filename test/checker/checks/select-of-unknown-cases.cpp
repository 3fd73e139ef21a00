// A select over cases that are put together while running gives no verdict, and no alarm.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s --explain-verdict -- %flags 2>&1 | FileCheck %s
// RUN: sluice check %s -- %flags 2>&1 | FileCheck %s --check-prefix=SUMMARY
#include <sluice/sluice.hpp>

#include <vector>

// CHECK: [[#@LINE+3]]:21: channel 'a'
// CHECK-NEXT: no verdict
void anyOfThemOk() {
  sluice::chan<int> a, b;
  sluice::go([a] { a.send(1); });
  sluice::go([b] { b.send(2); });
  for (int left = 2; left > 0; --left) {
    std::vector<sluice::select_case> cases;
    cases.push_back(on_recv(a));
    cases.push_back(on_recv(b));
    sluice::select(cases);
  }
}

// SUMMARY: no warnings in 1 file
