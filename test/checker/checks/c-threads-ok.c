// POSIX and C11 threads that are used rightly, and look as if they were not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- -std=c11 | FileCheck %s
// CHECK: no warnings
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static void *nothing(void *argument) { return argument; }

void detachedByAttributeOk(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_create(&thread, &attributes, nothing, NULL);
  pthread_attr_destroy(&attributes);
}

void detachedAfterwardsOk(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, nothing, NULL) == 0)
    pthread_detach(thread);
}

struct service {
  pthread_t thread;
};

void keptByTheCallerOk(struct service *s) { pthread_create(&s->thread, NULL, nothing, NULL); }

void keptInAnAllocatedArrayOk(int count) {
  pthread_t *threads = malloc((size_t)count * sizeof *threads);
  for (int i = 0; i < count; ++i)
    pthread_create(&threads[i], NULL, nothing, NULL);
  for (int i = 0; i < count; ++i)
    pthread_join(threads[i], NULL);
  free(threads);
}

static pthread_t background;
void keptInAGlobalOk(void) { pthread_create(&background, NULL, nothing, NULL); }

struct tree {
  pthread_mutex_t mutex;
  int size;
};

static int treeSize(struct tree *t) {
  pthread_mutex_lock(&t->mutex);
  int n = t->size;
  pthread_mutex_unlock(&t->mutex);
  return n;
}

int recursiveByAttributeOk(void) {
  struct tree t;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&t.mutex, &attributes);
  t.size = 0;
  pthread_mutex_lock(&t.mutex);
  int n = treeSize(&t);
  pthread_mutex_unlock(&t.mutex);
  return n;
}

int checkingMutexOk(void) {
  pthread_mutex_t mutex;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&mutex, &attributes);
  pthread_mutex_lock(&mutex);
  bool again = pthread_mutex_lock(&mutex) == EDEADLK;
  pthread_mutex_unlock(&mutex);
  return again;
}

int recursiveMtxOk(void) {
  mtx_t mutex;
  mtx_init(&mutex, mtx_timed | mtx_recursive);
  mtx_lock(&mutex);
  mtx_lock(&mutex);
  mtx_unlock(&mutex);
  mtx_unlock(&mutex);
  return 0;
}

int cleanupPathOk(int fails) {
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  int status = -1;
  pthread_mutex_lock(&mutex);
  if (fails)
    goto out;
  status = 0;
out:
  pthread_mutex_unlock(&mutex);
  return status;
}

static void unlock(void *mutex) { pthread_mutex_unlock(mutex); }

int cleanupHandlerOk(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  for (int i = 0; i < 2; ++i) {
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    pthread_testcancel();
    pthread_cleanup_pop(1);
  }
  return 0;
}

static void unlockPointer(pthread_mutex_t **mutex) { pthread_mutex_unlock(*mutex); }

int cleanupAttributeOk(int fails) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  for (int i = 0; i < 2; ++i) {
    __attribute__((cleanup(unlockPointer))) pthread_mutex_t *held = &mutex;
    pthread_mutex_lock(held);
    if (fails)
      continue;
  }
  return 0;
}

static pthread_barrier_t meeting;
static void *meet(void *argument) {
  pthread_barrier_wait(&meeting);
  pthread_barrier_wait(&meeting);
  return argument;
}

void barrierTwiceOk(void) {
  pthread_t thread;
  pthread_barrier_init(&meeting, NULL, 2);
  pthread_create(&thread, NULL, meet, NULL);
  pthread_barrier_wait(&meeting);
  pthread_barrier_wait(&meeting);
  pthread_join(thread, NULL);
  pthread_barrier_destroy(&meeting);
}

static sem_t turn;
static void *giveTurn(void *argument) {
  sem_post(&turn);
  pthread_exit(argument);
}

void semaphoreOk(void) {
  pthread_t thread;
  sem_init(&turn, 0, 0);
  pthread_create(&thread, NULL, giveTurn, NULL);
  sem_wait(&turn);
  pthread_join(thread, NULL);
}

int timedWaitOk(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_cond_t never = PTHREAD_COND_INITIALIZER;
  struct timespec until = {1, 0};
  int status = 0;
  pthread_mutex_lock(&mutex);
  while (status != ETIMEDOUT)
    status = pthread_cond_timedwait(&never, &mutex, &until);
  pthread_mutex_unlock(&mutex);
  return status;
}

int main(int argc, char **argv) {
  (void)argv;
  detachedByAttributeOk();
  detachedAfterwardsOk();
  keptInAnAllocatedArrayOk(argc);
  keptInAGlobalOk();
  barrierTwiceOk();
  semaphoreOk();
  pthread_t untilTheEnd;
  pthread_create(&untilTheEnd, NULL, nothing, NULL);
  return recursiveByAttributeOk() + checkingMutexOk() + recursiveMtxOk() + cleanupPathOk(argc) +
         cleanupHandlerOk() + cleanupAttributeOk(argc) + timedWaitOk();
}
