// A connection that cannot be opened keeps its permit of the pool's semaphore.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdio.h>

struct pool {
  sem_t permits;
  int served;
};

static int open_port(int port) {
  FILE *f = fopen("/proc/net/tcp", "r");
  if (!f)
    return -1;
  fclose(f);
  return port;
}

static int pool_serve(struct pool *p, int port) {
  int status = 0;
  sem_wait(&p->permits); // sluice: unfulfilled-wait
  if (open_port(port) < 0) {
    status = -1;
#ifndef REPAIRED
    return status;
#endif
  } else {
    ++p->served;
  }
  sem_post(&p->permits);
  return status;
}

int main(void) {
  struct pool p = {.served = 0};
  sem_init(&p.permits, 0, 1);
  int failed = pool_serve(&p, 80) + pool_serve(&p, 443);
  sem_destroy(&p.permits);
  return failed;
}
