// Two threads transfer between the same two accounts in opposite directions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct account {
  pthread_mutex_t lock;
  int id;
  long balance;
};

struct order {
  struct account *from, *to;
  long amount;
};

static struct account *account_new(int id, long balance) {
  struct account *a = malloc(sizeof *a);
  if (!a)
    abort();
  pthread_mutex_init(&a->lock, NULL);
  a->id = id;
  a->balance = balance;
  return a;
}

static void account_free(struct account *a) {
  pthread_mutex_destroy(&a->lock);
  free(a);
}

static void *transfer(void *argument) {
  struct order *o = argument;
  struct account *first = o->from, *second = o->to;
#ifdef REPAIRED
  if (first->id > second->id) {
    first = o->to;
    second = o->from;
  }
#endif
  pthread_mutex_lock(&first->lock);
  pthread_mutex_lock(&second->lock); // sluice: lock-order-cycle
  o->from->balance -= o->amount;
  o->to->balance += o->amount;
  pthread_mutex_unlock(&second->lock);
  pthread_mutex_unlock(&first->lock);
  return NULL;
}

int main(void) {
  struct account *a = account_new(1, 100), *b = account_new(2, 100);
  struct order there = {a, b, 10}, back = {b, a, 5};
  pthread_t one, other;
  pthread_create(&one, NULL, transfer, &there);
  pthread_create(&other, NULL, transfer, &back);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  account_free(a);
  account_free(b);
  return 0;
}
