// A driver's operation, called through a table with the bus locked, locks the bus to report.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>

struct bus;

struct operations {
  int (*probe)(struct bus *b);
  void (*remove)(struct bus *b);
};

struct bus {
  pthread_mutex_t mutex;
  int errors;
  const struct operations *driver;
};

static void bus_report(struct bus *b) {
  pthread_mutex_lock(&b->mutex); // sluice: double-lock
  ++b->errors;
  pthread_mutex_unlock(&b->mutex);
}

static int failing_probe(struct bus *b) {
  bus_report(b);
  return -1;
}

static void nothing(struct bus *b) { (void)b; }

static int bus_probe(struct bus *b) {
#ifdef REPAIRED
  int status = b->driver->probe(b);
  pthread_mutex_lock(&b->mutex);
#else
  pthread_mutex_lock(&b->mutex);
  int status = b->driver->probe(b);
#endif
  if (status < 0)
    b->driver->remove(b);
  pthread_mutex_unlock(&b->mutex);
  return status;
}

int main(void) {
  struct operations broken = {failing_probe, nothing};
  struct bus b = {PTHREAD_MUTEX_INITIALIZER, 0, &broken};
  return bus_probe(&b) == 0;
}
