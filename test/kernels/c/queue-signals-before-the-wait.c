// A reply is signalled without a flag; if it comes before the wait, the waiter sleeps for ever.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct request {
  pthread_mutex_t mutex;
  pthread_cond_t done;
  bool answered;
};

static void *serve(void *argument) {
  struct request *r = argument;
  pthread_mutex_lock(&r->mutex);
  r->answered = true;
  pthread_cond_signal(&r->done);
  pthread_mutex_unlock(&r->mutex);
  return NULL;
}

int main(void) {
  struct request r = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
  pthread_t server;
  pthread_create(&server, NULL, serve, &r);
  pthread_mutex_lock(&r.mutex);
#ifdef REPAIRED
  while (!r.answered)
#endif
    pthread_cond_wait(&r.done, &r.mutex); // sluice: lost-notify
  pthread_mutex_unlock(&r.mutex);
  pthread_join(server, NULL);
  return 0;
}
