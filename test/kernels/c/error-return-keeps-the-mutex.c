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

static int table_insert(struct table *t, int key) {
  int status = -1;
  pthread_mutex_lock(&t->mutex); // sluice: double-lock
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

int main(void) {
  struct table t = {.mutex = PTHREAD_MUTEX_INITIALIZER, .used = 0};
  int failed = table_insert(&t, 3);
  failed += table_insert(&t, 3) != -1;
  failed += table_insert(&t, 4);
  return failed;
}
