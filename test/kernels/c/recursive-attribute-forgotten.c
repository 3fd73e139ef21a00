// A tree walks itself under its mutex; the attribute that makes it recursive is never given.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#define _XOPEN_SOURCE 700
#include <pthread.h>
#include <stddef.h>

struct tree {
  pthread_mutex_t mutex;
  int nodes;
};

static void tree_init(struct tree *t) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
#ifdef REPAIRED
  pthread_mutex_init(&t->mutex, &attributes);
#else
  pthread_mutex_init(&t->mutex, NULL);
#endif
  pthread_mutexattr_destroy(&attributes);
  t->nodes = 0;
}

static int tree_size(struct tree *t) {
  pthread_mutex_lock(&t->mutex); // sluice: double-lock
  int n = t->nodes;
  pthread_mutex_unlock(&t->mutex);
  return n;
}

static int tree_add(struct tree *t) {
  pthread_mutex_lock(&t->mutex);
  int full = tree_size(t) > 100;
  if (!full)
    ++t->nodes;
  pthread_mutex_unlock(&t->mutex);
  return full ? -1 : 0;
}

int main(void) {
  struct tree t;
  tree_init(&t);
  int status = tree_add(&t);
  pthread_mutex_destroy(&t.mutex);
  return status;
}
