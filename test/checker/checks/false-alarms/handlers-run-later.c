// Handlers that are registered for later run once each, and not where they are registered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes %s -- -std=c17
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void before(void) { pthread_mutex_lock(&m); }
static void after(void) { pthread_mutex_unlock(&m); }
static void clean(void) {
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
}
static void forget(void *value) {
  (void)value;
  clean();
}

int main(void) {
  pthread_key_t key;
  pthread_atfork(before, after, after);
  pthread_mutex_lock(&m);
  atexit(clean);
  pthread_key_create(&key, forget);
  pthread_mutex_unlock(&m);
}
