// libdill runs one coroutine at a time: what go() starts runs until it waits, before go() comes back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes %s -- -I%S/Inputs 2>&1 | FileCheck %s
#include "libdill.h"

static coroutine void answer(int ch) {
  int n = 1;
  chsend(ch, &n, sizeof(n), -1);
}

int askOk(void) {
  int ch[2], n;
  chmake(ch);
  int cr = go(answer(ch[1])); // it waits in chsend when this comes back
  if (chrecv(ch[0], &n, sizeof(n), 0) < 0)
    return -1;
  bundle_wait(cr, -1);
  return hclose(cr);
}
// CHECK: no warnings
