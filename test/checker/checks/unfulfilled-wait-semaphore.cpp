// An acquire that nothing releases is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,unfulfilled-wait' %s -- %flags | FileCheck %s
#include <sluice/semaphore.hpp>

bool chance();
void handle(int);

void acquireBad() {
  sluice::semaphore slots(1);
  slots.acquire();
  // CHECK: :[[@LINE+1]]:3: warning: acquire of 'slots' blocks for ever: nothing releases it [sluice-unfulfilled-wait]
  slots.acquire();
}

// CHECK-NOT: warning:
void acquireOk() {
  sluice::semaphore slots(1);
  slots.acquire();
  slots.release();
  slots.acquire();
}
// CHECK: sluice: 1 warning in 1 file
