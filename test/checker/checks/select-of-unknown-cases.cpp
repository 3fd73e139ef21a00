// A select over cases that are not known one by one gives no verdict, and no alarm.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s --explain-verdict -- %flags 2>&1 | FileCheck %s
// RUN: sluice check %s -- %flags 2>&1 | FileCheck %s --check-prefix=SUMMARY
// SUMMARY: no warnings in 1 file; 2 channels: 0 reported, 0 verified,
#include <sluice/sluice.hpp>

#include <vector>

// CHECK: [[#@LINE+3]]:21: channel 'a'
// CHECK-NEXT: no verdict: it is handed to code out of sight
void tooManyOk() {
  sluice::chan<int> a;
  sluice::go([a] { a.send(1); });
  std::vector<sluice::select_case> cases;
  for (int i = 0; i < 9; ++i)
    cases.push_back(on_recv(a));
  sluice::select(cases);
}

// CHECK: [[#@LINE+3]]:21: channel 'b'
// CHECK-NEXT: no verdict: it is handed to code out of sight
void madeFirstOk() {
  sluice::chan<int> b;
  sluice::go([b] { b.send(1); });
  auto first = on_recv(b);
  std::vector<sluice::select_case> cases;
  cases.push_back(std::move(first));
  sluice::select(cases);
}
