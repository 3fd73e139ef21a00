// A lookup takes its read lock twice; a writer that comes between makes the second one wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stddef.h>

struct config {
  pthread_rwlock_t lock;
  int level, depth;
};

static int config_level(struct config *c) {
  pthread_rwlock_rdlock(&c->lock); // sluice: double-lock
  int level = c->level;
  pthread_rwlock_unlock(&c->lock);
  return level;
}

static int config_sum(struct config *c) {
#ifdef REPAIRED
  int level = config_level(c);
  pthread_rwlock_rdlock(&c->lock);
#else
  pthread_rwlock_rdlock(&c->lock);
  int level = config_level(c);
#endif
  int sum = level + c->depth;
  pthread_rwlock_unlock(&c->lock);
  return sum;
}

static void *reload(void *argument) {
  struct config *c = argument;
  pthread_rwlock_wrlock(&c->lock); // sluice: double-lock
  ++c->level;
  pthread_rwlock_unlock(&c->lock);
  return NULL;
}

int main(void) {
  static struct config c = {PTHREAD_RWLOCK_INITIALIZER, 1, 2};
  pthread_t thread;
  pthread_create(&thread, NULL, reload, &c);
  int sum = config_sum(&c);
  pthread_join(thread, NULL);
  return sum == 0;
}
