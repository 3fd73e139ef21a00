// A misuse that the same code repeats is told once, as it happens first, and counted.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c '%t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
// RUN: rm -f %t.json.*
// RUN: sh -c 'SLUICE_OPTIONS=format=json:log_path=%t.json %t; test $? = 23'
// RUN: FileCheck --check-prefix=JSON %s < %t.json.*
// RUN: echo "misuse:*loop*:25" >%t.supp
// RUN: sh -c 'SLUICE_OPTIONS=suppressions=%t.supp %t 2>%t.err; test $? = 23'
// RUN: FileCheck --check-prefix=OTHER %s < %t.err
#include <sluice/sluice.hpp>

#include <mutex>

int main() {
  static sluice::mutex turns[2];
  sluice::run([] {
    for (int i = 0; i < 50; ++i) {
      sluice::mutex &turn = turns[i % 2];
      std::unique_lock hold(turn);
      hold.release();
      sluice::async([&] {
        if (i % 5 == 0)
          turn.unlock();
        else
          turn.unlock();
      }).get();
    }
  });
}
// CHECK: misuse: unlock by someone who does not hold it
// CHECK-EMPTY:
// CHECK-NEXT: at {{.*}}.cpp:25
// CHECK-NEXT: locked at {{.*}}.cpp:21
// CHECK-NEXT: in task
// CHECK: misuse: unlock by someone who does not hold it
// CHECK-EMPTY:
// CHECK-NEXT: at {{.*}}.cpp:27
// CHECK-NOT: misuse:
// CHECK-NOT: built without
// CHECK: note: the misuse at {{.*}}.cpp:25 happened 10 times
// CHECK: note: the misuse at {{.*}}.cpp:27 happened 40 times
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 0 deadlocks, 2 misuses
// JSON: "kind":"misuse"
// JSON-SAME: "count":10
// JSON-SAME: "kind":"misuse"
// JSON-SAME: "count":40
// JSON-SAME: "notes":["the misuse at {{[^"]*}}.cpp:25 happened 10 times"
// OTHER-NOT: cpp:25
// OTHER: happened 40 times
// OTHER: 1 misuses
