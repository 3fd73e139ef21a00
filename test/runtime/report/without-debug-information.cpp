// Without line numbers a place behind a standard guard is the user's function, without symbols its
// address; every other place comes from the call itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx -g0 %s -o %t
// RUN: not %t 2>&1 | FileCheck --check-prefixes=CHECK,NAMES %s
// RUN: strip -o %t.stripped %t
// RUN: not %t.stripped 2>&1 | FileCheck --check-prefixes=CHECK,STRIPPED %s
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

static void hold_and_lose() {
  auto m = std::make_shared<sluice::mutex>("store_mu");
  sluice::go("holder", [m] {
    std::lock_guard hold(*m);
    sluice::chan<int> never;
    sluice::go("wanter", [m] { std::lock_guard hold(*m); });
    never.recv();
  });
}

int main() { sluice::run(hold_and_lose); }
// CHECK-DAG: holder, started at {{.*}}without-debug-information.cpp:15
// CHECK-DAG: blocked in recv for {{[0-9]+}} ms at {{.*}}without-debug-information.cpp:19
// CHECK-DAG: wanter, started at {{.*}}without-debug-information.cpp:18
// NAMES-DAG: blocked in lock for {{[^/]*}} at hold_and_lose()::{lambda}::{lambda} ({{.*}}.tmp+0x{{[0-9a-f]+}})
// NAMES-DAG: #0 hold_and_lose()::{lambda}::{lambda} {{.*}}.tmp+0x
// STRIPPED-DAG: blocked in lock for {{.*}}.tmp.stripped+0x{{[0-9a-f]+$}}
// STRIPPED-DAG: #0 {{.*}}.tmp.stripped+0x{{[0-9a-f]+$}}
// CHECK-NOT: #1
// CHECK: note: places without a line are in code that was built without '-g'
// CHECK: SUMMARY: sluice: 2 leaked, 0 unfinished, 0 deadlocks
