// A deadlock whose orders were not seen before is reported as a deadlock only.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t 2>%t.err; test $? = 23' && FileCheck %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=continue timeout 5 %t 2>%t.err; test $? = 124'
// RUN: FileCheck --check-prefix=GOON %s < %t.err
#include <sluice/sluice.hpp>

#include <mutex>

static sluice::mutex a, b;

static void take(sluice::mutex &first, sluice::mutex &second, sluice::chan<int> met) {
  std::lock_guard outer(first);
  met.send(1);
  met.send(2); // nobody takes both before both tasks are here
  std::lock_guard inner(second);
}

int main() {
  sluice::run([] {
    sluice::chan<int> here, there;
    auto one = sluice::async([=] { take(a, b, here); });
    auto two = sluice::async([=] { take(b, a, there); });
    here.recv();
    there.recv();
    here.recv();
    there.recv();
    one.get();
    two.get();
  });
}
// CHECK: sluice: deadlock of 2 tasks
// CHECK-NOT: opposite
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 1 deadlocks{{$}}
// GOON: sluice: deadlock of 2 tasks
// GOON-NOT: opposite
