// Who holds the table has passed through the bucket of the entry that it holds, so nobody else waits there for that entry.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes --checks='-*,lock-order-cycle' %s -- -std=c17
// XFAIL: *
// Everybody who holds a bucket took it under the table's lock, and `add` took and gave back the bucket before it had the entry. Locks are
// known by their fields here, and what was held when the first lock of an order was taken is not kept.
#include <pthread.h>

struct item {
  pthread_mutex_t lock;
  int uses;
};
struct bucket {
  pthread_mutex_t lock;
  struct item *item;
};
struct table {
  pthread_mutex_t lock;
  struct bucket *bucket;
};

void useOk(struct table *table) {
  pthread_mutex_lock(&table->lock);
  struct bucket *bucket = table->bucket;
  pthread_mutex_lock(&bucket->lock);
  pthread_mutex_unlock(&table->lock);
  struct item *item = bucket->item;
  pthread_mutex_lock(&item->lock);
  ++item->uses;
  pthread_mutex_unlock(&item->lock);
  pthread_mutex_unlock(&bucket->lock);
}

void addOk(struct table *table) {
  pthread_mutex_lock(&table->lock);
  struct bucket *bucket = table->bucket;
  pthread_mutex_lock(&bucket->lock);
  struct item *item = bucket->item;
  pthread_mutex_lock(&item->lock);
  pthread_mutex_unlock(&bucket->lock);
  pthread_mutex_lock(&bucket->lock);
  ++item->uses;
  pthread_mutex_unlock(&bucket->lock);
  pthread_mutex_unlock(&item->lock);
  pthread_mutex_unlock(&table->lock);
}
