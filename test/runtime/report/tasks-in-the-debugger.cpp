// GDB lists the tasks of a running program, and shows the user's frames of one that is parked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: gdb
// RUN: %cxx %s -o %t
// RUN: gdb -nx -batch -ex "source %sluice_source/tools/gdb/sluice.py" -ex "break stop_here" -ex run -ex "info sluice-tasks" -ex "python gdb.execute('sluice-stack %%d' %% [t.id for t in tasks() if t.name == 'listener'][0])" -ex "sluice-stack 999999" -ex "backtrace 1" %t > %t.out 2>&1
// RUN: FileCheck %s < %t.out
#include <sluice/sluice.hpp>

#include <mutex>

extern "C" [[gnu::noinline]] void stop_here() { asm volatile(""); }

[[gnu::noinline]] static void wait_for_order(const sluice::chan<int> &orders) {
  orders.recv();
  asm volatile("");
}

int main() {
  sluice::run([] {
    sluice::chan<int> orders(sluice::named("orders"));
    sluice::mutex store("store");
    std::lock_guard hold(store);
    sluice::go("listener", [=] { wait_for_order(orders); });
    sluice::go("wanter", [&] { std::lock_guard hold(store); });
    sluice::yield();
    sluice::yield();
    sluice::blocking([] { stop_here(); });
    orders.send(1);
  });
}
// CHECK: id name state operation on since at started at
// CHECK-DAG: main blocked
// CHECK-DAG: listener blocked recv chan 'orders' {{[0-9]+}} ms {{.*}}tasks-in-the-debugger.cpp:14 {{.*}}tasks-in-the-debugger.cpp:23
// CHECK-DAG: wanter blocked lock mutex 'store' {{[0-9]+}} ms {{.*}} {{.*}}tasks-in-the-debugger.cpp:24
// CHECK: 3 tasks
// CHECK: wait_for_order {{.*}}tasks-in-the-debugger.cpp:14
// CHECK: sluice_task_main
// CHECK: there is no task 999999
// CHECK: #0 stop_here
