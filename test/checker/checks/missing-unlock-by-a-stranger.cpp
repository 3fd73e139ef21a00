// An unlock by a task that does not hold the lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

void freeBad() {
  sluice::mutex mu;
  // CHECK: :[[@LINE+1]]:3: warning: unlock of 'mu': 'freeBad' does not hold it [sluice-missing-unlock]
  mu.unlock();
}

void handOverBad() {
  sluice::mutex mu;
  mu.lock();
  sluice::task_group tasks;
  tasks.go([&] {
    // CHECK: :[[@LINE+1]]:5: warning: unlock of 'mu': the task does not hold it [sluice-missing-unlock]
    mu.unlock();
  });
  tasks.wait();
}

// CHECK-NOT: warning:
void handOverOk() {
  sluice::semaphore turn{0};
  sluice::task_group tasks;
  tasks.go([&] { turn.release(); });
  turn.acquire();
  tasks.wait();
}

void recursiveOk() {
  std::recursive_mutex mu;
  mu.lock();
  mu.lock();
  mu.unlock();
  mu.unlock();
}
// CHECK: sluice: 2 warnings in 1 file
