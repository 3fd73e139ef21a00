// A coroutine that waits for nothing but its end is right, as long as whoever starts it closes its
// handle. Where it is started in another file it is judged as if any function called it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// XFAIL: *
// RUN: sluice check --no-fixes %s -- -I%S/Inputs 2>&1 | FileCheck %s
#include "libdill.h"

coroutine void restOk(void) {
  int ch[2], n;
  chmake(ch);
  chrecv(ch[0], &n, sizeof(n), -1);
  hclose(ch[0]);
  hclose(ch[1]);
}
// CHECK: no warnings
