// A pipe has two ends with a mutex each; moving data takes them in the order of the direction.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <stddef.h>
#include <threads.h>

struct end {
  mtx_t mutex;
  int bytes;
};

struct pipe {
  struct end ends[2];
};

struct move {
  struct pipe *pipe;
  int from;
};

static int run(void *argument) {
  struct move *m = argument;
  struct end *from = &m->pipe->ends[m->from], *to = &m->pipe->ends[1 - m->from];
#ifdef REPAIRED
  struct end *first = &m->pipe->ends[0], *second = &m->pipe->ends[1];
#else
  struct end *first = from, *second = to;
#endif
  mtx_lock(&first->mutex);
  mtx_lock(&second->mutex); // sluice: lock-order-cycle
  to->bytes += from->bytes;
  from->bytes = 0;
  mtx_unlock(&second->mutex);
  mtx_unlock(&first->mutex);
  return 0;
}

int main(void) {
  struct pipe p;
  for (int i = 0; i < 2; ++i) {
    mtx_init(&p.ends[i].mutex, mtx_plain);
    p.ends[i].bytes = 1;
  }
  struct move there = {&p, 0}, back = {&p, 1};
  thrd_t one, other;
  thrd_create(&one, run, &there);
  thrd_create(&other, run, &back);
  thrd_join(one, NULL);
  thrd_join(other, NULL);
  return 0;
}
