// Two tasks that lock in opposite orders are reported at once, with stdout kept.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t >%t.out 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
// RUN: grep before %t.out
// RUN: sh -c 'SLUICE_OPTIONS=on_deadlock=abort %t 2>/dev/null; test $? = 134'
#include <sluice/sluice.hpp>

#include <cstdio>
#include <mutex>

static sluice::mutex a{"a_mu"}, b{"b_mu"};

static void take(sluice::mutex &first, sluice::mutex &second) {
  std::lock_guard outer(first);
  sluice::sleep_for(std::chrono::milliseconds(10));
  std::lock_guard inner(second);
}

int main() {
  std::printf("before\n");
  sluice::run([] {
    sluice::wait_group both;
    both.add(2);
    sluice::go("one", [&] { take(a, b), both.done(); });
    sluice::go("two", [&] { take(b, a), both.done(); });
    both.wait();
  });
}
// CHECK: sluice: deadlock of 2 tasks
// CHECK-DAG: task {{[0-9]+}} "one" holds a_mu ({{.*}}.cpp:16) and waits to lock b_mu at {{.*}}.cpp:18
// CHECK-DAG: task {{[0-9]+}} "two" holds b_mu ({{.*}}.cpp:16) and waits to lock a_mu at {{.*}}.cpp:18
// CHECK: see: sluice explain lock-order-cycle
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 1 deadlocks
