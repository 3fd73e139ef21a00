// A register of listeners calls them with its lock held; one of them unregisters itself.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stddef.h>

struct registry;
typedef void (*listener)(struct registry *from, void *context);

struct registry {
  pthread_mutex_t mutex;
  listener call;
  void *context;
};

static void registry_set(struct registry *r, listener call, void *context) {
  pthread_mutex_lock(&r->mutex); // sluice: double-lock
  r->call = call;
  r->context = context;
  pthread_mutex_unlock(&r->mutex);
}

static void registry_fire(struct registry *r) {
  pthread_mutex_lock(&r->mutex);
  listener call = r->call;
  void *context = r->context;
#ifdef REPAIRED
  pthread_mutex_unlock(&r->mutex);
  if (call)
    call(r, context);
#else
  if (call)
    call(r, context);
  pthread_mutex_unlock(&r->mutex);
#endif
}

static void once_only(struct registry *from, void *context) {
  int *count = context;
  ++*count;
  registry_set(from, NULL, NULL);
}

int main(void) {
  struct registry r = {PTHREAD_MUTEX_INITIALIZER, NULL, NULL};
  int count = 0;
  registry_set(&r, once_only, &count);
  registry_fire(&r);
  registry_fire(&r);
  return count != 1;
}
