// Stopping a logger joins its thread with the lock held that the thread needs to see the stop.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct logger {
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  pthread_t thread;
  bool stopping;
  int pending;
};

static void *run(void *argument) {
  struct logger *log = argument;
  pthread_mutex_lock(&log->mutex);
  while (!log->stopping) {
    if (log->pending > 0)
      --log->pending;
    else
      pthread_cond_wait(&log->wake, &log->mutex);
  }
  pthread_mutex_unlock(&log->mutex);
  return NULL;
}

static void logger_start(struct logger *log) {
  pthread_mutex_init(&log->mutex, NULL);
  pthread_cond_init(&log->wake, NULL);
  log->stopping = false;
  log->pending = 0;
  pthread_create(&log->thread, NULL, run, log);
}

static void logger_stop(struct logger *log) {
  pthread_mutex_lock(&log->mutex);
  log->stopping = true;
  pthread_cond_signal(&log->wake);
#ifdef REPAIRED
  pthread_mutex_unlock(&log->mutex);
  pthread_join(log->thread, NULL);
#else
  pthread_join(log->thread, NULL); // sluice: blocking-under-lock
  pthread_mutex_unlock(&log->mutex);
#endif
  pthread_cond_destroy(&log->wake);
  pthread_mutex_destroy(&log->mutex);
}

int main(void) {
  struct logger log;
  logger_start(&log);
  logger_stop(&log);
  return 0;
}
