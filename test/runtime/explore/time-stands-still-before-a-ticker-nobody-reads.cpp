// A timer that can wake nobody does not keep a deadlock from being seen.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'SLUICE_OPTIONS=explore=random timeout 10 %t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
#include <sluice/sluice.hpp>

using namespace std::chrono_literals;

int main() {
  sluice::run([] {
    sluice::ticker unread(10ms);
    sluice::chan<int> never;
    never.recv();
  });
}
// CHECK: deadlock of 1 task
// CHECK: waits in recv
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 1 deadlocks
