// When the port cannot be opened, the thread that was started before is neither joined nor detached.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

struct server {
  int port;
  long ticks;
};

static void *tick(void *argument) {
  struct server *s = argument;
  ++s->ticks;
  return NULL;
}

static int serve(struct server *s) {
  pthread_t ticker;
  int status = -1;
  pthread_create(&ticker, NULL, tick, s); // sluice: unjoined-task
  FILE *config = fopen("server.conf", "r");
  if (!config)
#ifdef REPAIRED
    goto out;
#else
    return status;
#endif
  status = fscanf(config, "%d", &s->port) == 1 ? 0 : -1;
  fclose(config);
#ifdef REPAIRED
out:
#endif
  pthread_join(ticker, NULL);
  return status;
}

int main(void) {
  struct server s = {0, 0};
  return serve(&s);
}
