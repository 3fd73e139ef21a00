// A lock is still held after locks that nobody can tell were released, and keeps two orders apart.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks='-*,lock-order-cycle' %s -- -std=c17 | FileCheck --implicit-check-not=warning: %s
#include <pthread.h>

struct room {
  pthread_mutex_t lock, door, window;
  int open;
};
struct room *somewhere(int number);

static void knock(int number) {
  struct room *other = somewhere(number);
  pthread_mutex_lock(&other->door);
  other->open = 1;
  pthread_mutex_unlock(&other->door);
}

void airOk(struct room *room) {
  pthread_mutex_lock(&room->lock);
  knock(1);
  pthread_mutex_lock(&room->door);
  pthread_mutex_lock(&room->window);
  room->open = 1;
  pthread_mutex_unlock(&room->window);
  pthread_mutex_unlock(&room->door);
  pthread_mutex_unlock(&room->lock);
}

void closeOk(struct room *room) {
  pthread_mutex_lock(&room->lock);
  pthread_mutex_lock(&room->window);
  pthread_mutex_lock(&room->door);
  room->open = 0;
  pthread_mutex_unlock(&room->door);
  pthread_mutex_unlock(&room->window);
  pthread_mutex_unlock(&room->lock);
}

struct house {
  pthread_mutex_t lock, door, window;
  int open;
};
struct house *anywhere(int number);

void leaveBad(struct house *house) {
  pthread_mutex_lock(&house->lock);
  struct house *other = anywhere(1);
  pthread_mutex_lock(&other->door);
  pthread_mutex_unlock(&other->door);
  pthread_mutex_unlock(&house->lock);
  pthread_mutex_lock(&house->door);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
  pthread_mutex_lock(&house->window);
  house->open = 1;
  pthread_mutex_unlock(&house->window);
  pthread_mutex_unlock(&house->door);
}

void enterBad(struct house *house) {
  pthread_mutex_lock(&house->lock);
  pthread_mutex_lock(&house->window);
  pthread_mutex_lock(&house->door);
  house->open = 0;
  pthread_mutex_unlock(&house->door);
  pthread_mutex_unlock(&house->window);
  pthread_mutex_unlock(&house->lock);
}
