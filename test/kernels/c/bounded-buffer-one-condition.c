// A bounded buffer wakes one waiter on one condition that producers and consumers share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int held;

static void announce(void) {
#ifdef REPAIRED
  pthread_cond_broadcast(&changed);
#else
  pthread_cond_signal(&changed);
#endif
}

static void *produce(void *unused) {
  (void)unused;
  pthread_mutex_lock(&mutex);
  while (held == 1)
    pthread_cond_wait(&changed, &mutex);
  ++held;
  announce();
  pthread_mutex_unlock(&mutex);
  return NULL;
}

static void *consume(void *unused) {
  (void)unused;
  pthread_mutex_lock(&mutex);
  while (held == 0)
    pthread_cond_wait(&changed, &mutex);
  --held;
  announce();
  pthread_mutex_unlock(&mutex);
  return NULL;
}

int main(void) {
  pthread_t producers[2], consumers[2];
  for (int i = 0; i < 2; ++i) {
    pthread_create(&producers[i], NULL, produce, NULL);
    pthread_create(&consumers[i], NULL, consume, NULL);
  }
  for (int i = 0; i < 2; ++i) {
    pthread_join(producers[i], NULL); // sluice: deadlock
    pthread_join(consumers[i], NULL); // sluice: deadlock
  }
  return 0;
}
