// A reader that locks again behind a queued writer is found; the writer is told before it, as it happened.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,double-lock' %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

#include <mutex>
#include <shared_mutex>

static sluice::shared_mutex mu;
static int value;

static int get() {
  // CHECK: :[[@LINE+1]]:20: warning: lock of 'mu' can block for ever: this task holds 'mu' already
  std::shared_lock hold(mu);
  return value;
}

static int getBoth() {
  std::shared_lock hold(mu);
  return get() + value;
}

static void set(int n) {
  std::lock_guard hold(mu);
  value = n;
}

int main() {
  sluice::run([] {
    sluice::go("reader", [] { getBoth(); });
    sluice::go("writer", [] { set(1); });
  });
}
// CHECK: 'reader' locks 'mu'
// CHECK-NEXT: 'writer' waits for ever to lock 'mu'
// CHECK-NEXT: 'reader' calls 'get'
// CHECK-NEXT: 'reader' waits for ever to lock 'mu'
