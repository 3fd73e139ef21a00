// C11: a counter that is read through its own getter while it is locked, by a plain mutex.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <threads.h>

struct counter {
  mtx_t mutex;
  int value, limit;
};

static int counter_get(struct counter *c) {
  mtx_lock(&c->mutex); // sluice: double-lock
  int v = c->value;
  mtx_unlock(&c->mutex);
  return v;
}

static int counter_step(struct counter *c) {
  mtx_lock(&c->mutex);
  int below = counter_get(c) < c->limit;
  if (below)
    ++c->value;
  mtx_unlock(&c->mutex);
  return below;
}

int main(void) {
  struct counter c = {.value = 0, .limit = 1};
#ifdef REPAIRED
  mtx_init(&c.mutex, mtx_plain | mtx_recursive);
#else
  mtx_init(&c.mutex, mtx_plain);
#endif
  int stepped = counter_step(&c);
  mtx_destroy(&c.mutex);
  return !stepped;
}
