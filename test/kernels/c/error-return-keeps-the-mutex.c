// A table's insert returns early when the key is there already, and keeps the mutex.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stddef.h>

enum { slots = 4 };

struct table {
  pthread_mutex_t mutex;
  int used;
  int keys[slots];
};

static int find(const struct table *t, int key) {
  for (int i = 0; i < t->used; ++i)
    if (t->keys[i] == key)
      return i;
  return -1;
}

int table_insert(struct table *t, int key) {
  int status = -1;
  pthread_mutex_lock(&t->mutex); // sluice: missing-unlock
  if (find(t, key) >= 0)
#ifdef REPAIRED
    goto out;
#else
    return status;
#endif
  if (t->used == slots)
    goto out;
  t->keys[t->used++] = key;
  status = 0;
out:
  pthread_mutex_unlock(&t->mutex);
  return status;
}
