// Two locks taken in opposite orders by tasks that run at the same time are found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,lock-order-cycle' %s -- %flags | FileCheck %s
#include <sluice/mutex.hpp>
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>
#include <mutex>

bool chance();
void handle(int);

void ordersBad() {
  sluice::mutex a, b;
  sluice::wait_group group;
  group.add(1);
  sluice::go([&] {
    std::lock_guard first(a);
    std::lock_guard second(b);
    group.done();
  });
  {
    std::lock_guard first(b);
    std::lock_guard second(a);
  }
  group.wait();
}
// CHECK: warning: lock of '[[L:[ab]]]' can wait for ever: {{.*}} holds it and waits for '{{[ab]}}' [sluice-lock-order-cycle]

// CHECK-NOT: warning:
void sameOrderOk() {
  sluice::mutex a, b;
  sluice::wait_group group;
  group.add(1);
  sluice::go([&] {
    std::lock_guard first(a);
    std::lock_guard second(b);
    group.done();
  });
  {
    std::lock_guard first(a);
    std::lock_guard second(b);
  }
  group.wait();
}
// CHECK: sluice: 1 warning in 1 file
