// A lock that a task keeps on one of its paths is told where it was taken; those who wait for it are not told again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

#include <mutex>

struct total {
  sluice::mutex mu;
  int sum = 0;

  bool addBad(int n) {
    // CHECK: :[[@LINE+1]]:5: warning: lock of 'mu' can be kept for ever: the task ends without unlocking it [sluice-missing-unlock]
    mu.lock();
    if (n < 0)
      return false;
    sum += n;
    mu.unlock();
    return true;
  }
  bool addOk(int n) {
    std::lock_guard lock(mu);
    if (n < 0)
      return false;
    sum += n;
    return true;
  }
};

void taskBad(int n) {
  total t;
  sluice::task_group tasks;
  tasks.go([&] { t.addBad(n); });
  tasks.wait();
  t.addOk(1);
}

// CHECK-NOT: warning:
void taskOk(int n) {
  total t;
  sluice::task_group tasks;
  tasks.go([&] { t.addOk(n); });
  tasks.wait();
  t.addOk(1);
}

/// The caller gets the lock with the object.
total *makeOk() {
  total *t = new total;
  t->mu.lock();
  return t;
}

sluice::mutex global;
/// Its caller unlocks it.
void enterOk() { global.lock(); }

/// A guard that is released by hand hands the lock on.
void releasedOk() {
  sluice::mutex mu;
  std::unique_lock lock(mu);
  lock.release()->unlock();
}

bool tryOk() {
  sluice::mutex mu;
  if (!mu.try_lock())
    return false;
  mu.unlock();
  return true;
}
// CHECK: sluice: 1 warning in 1 file
