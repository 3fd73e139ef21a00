// A thread that hands its own handle on can be joined by whoever has it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- | FileCheck --implicit-check-not=warning: %s
#include <pthread.h>

struct start {
  pthread_t *handle;
  pthread_mutex_t door;
};

static void *tellsItsHandle(void *given) {
  struct start *start = given;
  pthread_mutex_lock(&start->door);
  *start->handle = pthread_self();
  pthread_mutex_unlock(&start->door);
  return 0;
}

void handedOnOk(struct start *start) {
  pthread_t mine;
  pthread_create(&mine, 0, tellsItsHandle, start);
}

static void *namesItself(void *unused) {
  pthread_setschedprio(pthread_self(), 1);
  return unused;
}

void namedBad(void) {
  pthread_t mine;
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: thread is neither joined nor detached
  pthread_create(&mine, 0, namesItself, 0);
}
