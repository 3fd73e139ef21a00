// A pool of threads in an allocated structure is told to stop, one waiter is woken, and all are joined.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

enum { workers = 2 };

struct pool {
  pthread_mutex_t mutex;
  pthread_cond_t work;
  bool stopping;
  int jobs;
  pthread_t threads[workers];
};

static void *run(void *argument) {
  struct pool *p = argument;
  pthread_mutex_lock(&p->mutex);
  for (;;) {
    while (p->jobs == 0 && !p->stopping)
      pthread_cond_wait(&p->work, &p->mutex); // sluice: lost-notify
    if (p->jobs == 0)
      break;
    --p->jobs;
  }
  pthread_mutex_unlock(&p->mutex);
  return NULL;
}

static struct pool *pool_create(void) {
  struct pool *p = malloc(sizeof(struct pool));
  if (!p)
    return NULL;
  pthread_mutex_init(&p->mutex, NULL);
  pthread_cond_init(&p->work, NULL);
  p->stopping = false;
  p->jobs = 0;
  for (int i = 0; i < workers; ++i)
    pthread_create(&p->threads[i], NULL, run, p);
  return p;
}

static void pool_destroy(struct pool *p) {
  pthread_mutex_lock(&p->mutex);
  p->stopping = true;
#ifdef REPAIRED
  pthread_cond_broadcast(&p->work);
#else
  pthread_cond_signal(&p->work);
#endif
  pthread_mutex_unlock(&p->mutex);
  for (int i = 0; i < workers; ++i)
    pthread_join(p->threads[i], NULL); // sluice: lost-notify
  pthread_cond_destroy(&p->work);
  pthread_mutex_destroy(&p->mutex);
  free(p);
}

int main(void) {
  struct pool *p = pool_create();
  if (!p)
    return 1;
  pool_destroy(p);
  return 0;
}
