// The plugin reads the models that C needs, and finds what the command finds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: clang-tidy -load %tidy-plugin -checks='-*,sluice-*' %s -- -std=c11 | FileCheck --implicit-check-not=warning: %s
// RUN: not sluice check --no-fixes %s -- -std=c11 | FileCheck --implicit-check-not=warning: %s
#include <pthread.h>

struct ledger {
  pthread_mutex_t accounts, journal;
  int booked;
};

void book(struct ledger *l) {
  pthread_mutex_lock(&l->accounts);
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: lock of {{.*}} [sluice-lock-order-cycle]
  pthread_mutex_lock(&l->journal);
  ++l->booked;
  pthread_mutex_unlock(&l->journal);
  pthread_mutex_unlock(&l->accounts);
}

void audit(struct ledger *l) {
  pthread_mutex_lock(&l->journal);
  pthread_mutex_lock(&l->accounts);
  --l->booked;
  pthread_mutex_unlock(&l->accounts);
  pthread_mutex_unlock(&l->journal);
}
