// The macros of libmill are followed: go() starts a task, and channels are those of its functions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "libmill.h"
#include <stdio.h>

static coroutine void square(chan in, chan out) {
  int n = chr(in, int);
  chs(out, int, n * n);
  chclose(in);
  chclose(out);
}

void askOk(void) {
  chan in = chmake(int, 0), out = chmake(int, 0);
  go(square(chdup(in), chdup(out)));
  chs(in, int, 3);
  printf("%d\n", chr(out, int));
  chclose(in);
  chclose(out);
}

static coroutine void answer(chan out) {
  // CHECK: :[[@LINE+1]]:3: warning: send on 'out' blocks for ever {{.*}}[sluice-unreceived-send]
  chs(out, int, 1);
  chclose(out);
}

void leavesEarlyBad(int hurried) {
  chan out = chmake(int, 0);
  go(answer(chdup(out)));
  if (!hurried)
    printf("%d\n", chr(out, int));
  chclose(out);
}

static coroutine void answerOnce(chan out) {
  chs(out, int, 1);
  chclose(out);
}

void leavesEarlyOk(int hurried) {
  chan out = chmake(int, 1);
  go(answerOnce(chdup(out)));
  if (!hurried)
    printf("%d\n", chr(out, int));
  chclose(out);
}

void oneTooManyBad(void) {
  chan c = chmake(int, 1);
  chs(c, int, 1);
  // CHECK: :[[@LINE+1]]:3: warning: send on 'c' blocks for ever [sluice-unreceived-send]
  chs(c, int, 2);
}

void doneOk(void) {
  chan c = chmake(int, 0);
  chdone(c, int, -1);
  printf("%d\n", chr(c, int));
  chclose(c);
}

// To close a handle ends no wait.
void closedBad(void) {
  chan c = chmake(int, 0);
  chclose(chdup(c));
  // CHECK: :[[@LINE+1]]:18: warning: receive from 'c' waits for ever [sluice-starved-receive]
  printf("%d\n", chr(c, int));
  chclose(c);
}

// Two that hand one value to each other never end, and are one defect.
coroutine void relay(chan from, chan to) {
  while (1) {
    // CHECK: warning: 'relay' may never end
    int value = chr(from, int);
    chs(to, int, value);
  }
}

int overloadBad(void) {
  chan left = chmake(int, 0), right = chmake(int, 0);
  go(relay(left, right));
  go(relay(right, left));
  chs(left, int, 42);
  return 0;
}
// CHECK: {{[^0-9]}}0 without verdict
