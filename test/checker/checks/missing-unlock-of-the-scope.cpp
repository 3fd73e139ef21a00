// A lock that is taken by the function that made it, and is locked still as it goes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags | FileCheck %s
#include <mutex>
#include <thread>

void work();

void bothPathsBad(bool quick) {
  std::mutex mu;
  // CHECK: :[[@LINE+1]]:3: warning: lock of 'mu' is kept for ever: 'bothPathsBad' returns without unlocking it [sluice-missing-unlock]
  mu.lock();
  if (quick)
    return;
  work();
}

void waiterBad() {
  std::mutex mu;
  std::thread other([&] {
    // CHECK: :[[@LINE+1]]:5: warning: lock of 'mu' is kept for ever: 'other' ends without unlocking it [sluice-missing-unlock]
    mu.lock();
  });
  other.join();
  std::lock_guard lock(mu); // waits for ever, for want of that unlock
}
// CHECK: sluice: 2 warnings in 1 file
