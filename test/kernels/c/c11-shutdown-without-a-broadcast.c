// C11: shutting a pool of two workers down wakes one of them only.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stdbool.h>
#include <threads.h>

enum { workers = 2 };

struct pool {
  mtx_t mutex;
  cnd_t wake;
  bool closed;
  thrd_t threads[workers];
};

static int run(void *argument) {
  struct pool *p = argument;
  mtx_lock(&p->mutex);
  while (!p->closed)
    cnd_wait(&p->wake, &p->mutex); // sluice: lost-notify
  mtx_unlock(&p->mutex);
  return 0;
}

static void pool_start(struct pool *p) {
  mtx_init(&p->mutex, mtx_plain);
  cnd_init(&p->wake);
  p->closed = false;
  for (int i = 0; i < workers; ++i)
    thrd_create(&p->threads[i], run, p);
}

static void pool_stop(struct pool *p) {
  mtx_lock(&p->mutex);
  p->closed = true;
  mtx_unlock(&p->mutex);
#ifdef REPAIRED
  cnd_broadcast(&p->wake);
#else
  cnd_signal(&p->wake);
#endif
  for (int i = 0; i < workers; ++i)
    thrd_join(p->threads[i], NULL); // sluice: lost-notify
  cnd_destroy(&p->wake);
  mtx_destroy(&p->mutex);
}

int main(void) {
  struct pool p;
  pool_start(&p);
  pool_stop(&p);
  return 0;
}
