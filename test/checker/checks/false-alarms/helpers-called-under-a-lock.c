// What a function does is done under the lock that all who call it hold, though others could call it without.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks='-*,lock-order-cycle' %s -- -std=c17 | FileCheck --implicit-check-not=warning: %s
#include <pthread.h>

struct row {
  pthread_mutex_t lock;
  int age;
};

struct shelf {
  pthread_mutex_t lock;
  int used;
};

struct library {
  pthread_mutex_t lock;
  struct shelf *shelf;
  struct row *newest;
};

// To be called with the library locked.
void dropNewest(struct library *all) {
  pthread_mutex_lock(&all->shelf->lock);
  pthread_mutex_lock(&all->newest->lock);
  all->newest->age = 0;
  pthread_mutex_unlock(&all->newest->lock);
  pthread_mutex_unlock(&all->shelf->lock);
}

static void tidy(struct library *all) {
  dropNewest(all);
}

void moveAllOk(struct library *all) {
  pthread_mutex_lock(&all->lock);
  pthread_mutex_lock(&all->newest->lock);
  pthread_mutex_lock(&all->shelf->lock);
  ++all->newest->age;
  pthread_mutex_unlock(&all->shelf->lock);
  pthread_mutex_unlock(&all->newest->lock);
  pthread_mutex_unlock(&all->lock);
}

void addOk(struct library *all) {
  pthread_mutex_lock(&all->lock);
  dropNewest(all);
  pthread_mutex_unlock(&all->lock);
}

void tidyOk(struct library *all) {
  pthread_mutex_lock(&all->lock);
  tidy(all);
  pthread_mutex_unlock(&all->lock);
}

struct pen {
  pthread_mutex_t lock;
  int ink;
};

struct desk {
  pthread_mutex_t lock, drawer;
  struct pen *pen;
};

void refill(struct desk *desk) {
  pthread_mutex_lock(&desk->drawer);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
  pthread_mutex_lock(&desk->pen->lock);
  ++desk->pen->ink;
  pthread_mutex_unlock(&desk->pen->lock);
  pthread_mutex_unlock(&desk->drawer);
}

void openOk(struct desk *desk) {
  pthread_mutex_lock(&desk->lock);
  refill(desk);
  pthread_mutex_unlock(&desk->lock);
}

void hurryBad(struct desk *desk) {
  refill(desk);
}

void closeBad(struct desk *desk) {
  pthread_mutex_lock(&desk->lock);
  pthread_mutex_lock(&desk->pen->lock);
  pthread_mutex_lock(&desk->drawer);
  desk->pen->ink = 0;
  pthread_mutex_unlock(&desk->drawer);
  pthread_mutex_unlock(&desk->pen->lock);
  pthread_mutex_unlock(&desk->lock);
}
