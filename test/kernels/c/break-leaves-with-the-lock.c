// The consumer's loop breaks out with the lock held when it meets the last job.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

struct job {
  struct job *next;
  bool last;
};

struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t filled;
  struct job *head;
};

static void queue_push(struct queue *q, bool last) {
  struct job *j = calloc(1, sizeof *j);
  if (!j)
    abort();
  j->last = last;
  pthread_mutex_lock(&q->mutex);
  j->next = q->head;
  q->head = j;
  pthread_cond_signal(&q->filled);
  pthread_mutex_unlock(&q->mutex);
}

static void *consume(void *argument) {
  struct queue *q = argument;
  for (;;) {
    pthread_mutex_lock(&q->mutex); // sluice: missing-unlock
    while (!q->head)
      pthread_cond_wait(&q->filled, &q->mutex);
    struct job *j = q->head;
    q->head = j->next;
    bool last = j->last;
#ifdef REPAIRED
    pthread_mutex_unlock(&q->mutex);
    free(j);
    if (last)
      break;
#else
    free(j);
    if (last)
      break;
    pthread_mutex_unlock(&q->mutex);
#endif
  }
  return NULL;
}

int main(void) {
  struct queue q = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL};
  pthread_t consumer;
  pthread_create(&consumer, NULL, consume, &q);
  queue_push(&q, true);
  pthread_join(consumer, NULL);
  pthread_mutex_lock(&q.mutex);
  int rest = q.head != NULL;
  pthread_mutex_unlock(&q.mutex);
  return rest;
}
