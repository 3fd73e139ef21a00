// A POSIX thread that is neither joined nor detached.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- -std=c11 | FileCheck %s
#include <pthread.h>
#include <stddef.h>

static void *work(void *argument) { return argument; }

void forgottenBad(void) {
  pthread_t thread;
  // CHECK: :[[@LINE+1]]:3: warning: thread is neither joined nor detached, and its resources are kept for ever [sluice-unjoined-task]
  pthread_create(&thread, NULL, work, NULL);
}

void joinableByAttributeBad(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  // CHECK: :[[@LINE+1]]:3: warning: thread is neither joined nor detached, and its resources are kept for ever [sluice-unjoined-task]
  pthread_create(&thread, &attributes, work, NULL);
}

// CHECK-NOT: warning:
void joinedOk(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, NULL);
}
