// The handles of threads are kept in an array that is too large to be followed, and joined there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes %s -- -std=c17
#include <pthread.h>

enum { Most = 128 };
pthread_t threads[Most];

static void *work(void *argument) { return argument; }

void start(int count) {
  for (int i = 0; i < count; i++) {
    pthread_t thread;
    pthread_create(&thread, NULL, work, NULL);
    threads[i] = thread;
  }
}

void stop(int count) {
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], NULL);
}
