// Two locks that two tasks take in opposite orders are reported, although the run did not deadlock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t >%t.out 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
// RUN: grep "ran to its end" %t.out
// RUN: sh -c 'SLUICE_OPTIONS=exitcode=0 %t 2>%t.err; test $? = 0' && FileCheck %s < %t.err
// RUN: sh -c 'SLUICE_OPTIONS=detect_lock_order=0 %t 2>%t.err; test $? = 0'
// RUN: not grep sluice %t.err
// RUN: echo "lock-order-cycle:take" >%t.supp
// RUN: sh -c 'SLUICE_OPTIONS=suppressions=%t.supp %t 2>%t.err; test $? = 0'
// RUN: not grep sluice %t.err
// RUN: sh -c 'SLUICE_OPTIONS=format=json %t 2>%t.json; test $? = 23'
// RUN: FileCheck --check-prefix=JSON %s < %t.json
#include <sluice/sluice.hpp>

#include <cstdio>

static sluice::mutex a{"a_mu"}, b{"b_mu"};

[[gnu::noinline]] static void take(sluice::mutex &first, sluice::mutex &second) {
  first.lock();
  second.lock();
  second.unlock();
  first.unlock();
}

int main() {
  sluice::run([] {
    for (int round = 0; round < 3; ++round) { // reported once
      sluice::wait_group one;
      one.add();
      sluice::go("one", [&] { take(a, b), one.done(); });
      one.wait();
      sluice::wait_group two;
      two.add();
      sluice::go("two", [&] { take(b, a), two.done(); });
      two.wait();
    }
  });
  std::printf("ran to its end\n");
}
// CHECK: sluice: locks are taken in opposite orders
// CHECK-EMPTY:
// CHECK-NEXT: task {{[0-9]+}} "two" holds b_mu ({{.*}}.cpp:22) and locks a_mu at {{.*}}.cpp:23
// CHECK-NEXT: #0 take(
// CHECK: task {{[0-9]+}} "one" holds a_mu ({{.*}}.cpp:22) and locks b_mu at {{.*}}.cpp:23
// CHECK-NEXT: #0 take(
// CHECK: why: at another time each could wait for the lock that the next one holds
// CHECK-NEXT: fix: take the locks in one order everywhere, or at once by 'std::scoped_lock'
// CHECK-NEXT: see: sluice explain lock-order-cycle
// CHECK-NOT: opposite
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 0 deadlocks, 1 lock-order cycles
// JSON: "kind":"lock-order-cycle","check":"lock-order-cycle"
// JSON-SAME: "name":"two"
// JSON-SAME: "operation":"lock","blocked_at":{"file":"{{[^"]*}}.cpp","line":23
// JSON-SAME: "on":{"id":[[A:[0-9]+]],"kind":"mutex","name":"a_mu"
// JSON-SAME: "holds":[{"id":[[B:[0-9]+]],"kind":"mutex","name":"b_mu"
// JSON-SAME: "locked_at":{"file":"{{[^"]*}}.cpp","line":22
// JSON-SAME: take(
// JSON-SAME: "name":"one"
// JSON-SAME: "on":{"id":[[B]],
// JSON-SAME: "holds":[{"id":[[A]],
