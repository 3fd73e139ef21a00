// A list keeps its lock when there is no memory for another node.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct node {
  struct node *next;
  int value;
};

struct list {
  pthread_mutex_t mutex;
  struct node *head;
};

static int list_add(struct list *l, int value) {
  pthread_mutex_lock(&l->mutex); // sluice: double-lock
  struct node *n = malloc(sizeof *n);
  if (n == NULL) {
#ifdef REPAIRED
    pthread_mutex_unlock(&l->mutex);
#endif
    return -1;
  }
  n->value = value;
  n->next = l->head;
  l->head = n;
  pthread_mutex_unlock(&l->mutex);
  return 0;
}

static void list_clear(struct list *l) {
  while (l->head) {
    struct node *n = l->head;
    l->head = n->next;
    free(n);
  }
}

int main(void) {
  struct list l = {PTHREAD_MUTEX_INITIALIZER, NULL};
  int status = list_add(&l, 1) + list_add(&l, 2);
  list_clear(&l);
  return status;
}
