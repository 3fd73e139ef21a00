// Which element a pointer leads to is not followed: what the array holds is out of sight from there on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes --explain-verdict %s -- -I%S/Inputs 2>&1 | FileCheck %s
#include "libdill.h"

static coroutine void receiveSecond(int *ends) {
  int n;
  chrecv(ends[1], &n, sizeof(n), -1);
}

void startOne(void) {
  int ch[2];
  // CHECK: :[[@LINE+1]]:3: channel 'ch'
  chmake(ch);
  // CHECK-NEXT: no verdict: an operation on a handle that could not be followed may be on it
  go(receiveSecond(ch));
}
// CHECK-NOT: warning:
