// The barrier counts the main thread as well, which never comes to it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stddef.h>

enum { workers = 2 };

static pthread_barrier_t phase;
static int results[workers];

static void *work(void *argument) {
  int *result = argument;
  *result = 1;
  pthread_barrier_wait(&phase); // sluice: unfulfilled-wait
  return NULL;
}

int main(void) {
  pthread_t threads[workers];
#ifdef REPAIRED
  pthread_barrier_init(&phase, NULL, workers);
#else
  pthread_barrier_init(&phase, NULL, workers + 1);
#endif
  for (int i = 0; i < workers; ++i)
    pthread_create(&threads[i], NULL, work, &results[i]);
  for (int i = 0; i < workers; ++i)
    pthread_join(threads[i], NULL); // sluice: unfulfilled-wait
  pthread_barrier_destroy(&phase);
  return 0;
}
