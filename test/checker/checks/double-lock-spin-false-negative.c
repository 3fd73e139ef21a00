// A spin lock is taken by a function that is called with it held.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// In the C library a spin lock is a plain integer, which says nothing of what it is for.
// XFAIL: *
// RUN: not sluice check %s -- -std=c11 | FileCheck %s
#define _XOPEN_SOURCE 700
#include <pthread.h>

static pthread_spinlock_t spin;
static int count;

static int read_count(void) {
  // CHECK: :[[@LINE+1]]:3: warning: lock of 'spin' {{.*}} [sluice-double-lock]
  pthread_spin_lock(&spin);
  int n = count;
  pthread_spin_unlock(&spin);
  return n;
}

int main(void) {
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_lock(&spin);
  int n = read_count();
  pthread_spin_unlock(&spin);
  return n;
}
