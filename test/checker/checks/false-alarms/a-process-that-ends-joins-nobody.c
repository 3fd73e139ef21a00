// Where all ways lead to the end of the process, a thread need not be joined, however late it ends.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks='-*,unjoined-task' %s -- -std=c17 | FileCheck --implicit-check-not=warning: %s
#include <pthread.h>
#include <stdlib.h>
int ask(void);

static void *work(void *argument) { return argument; }

void joinOk(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  switch (ask()) {
  case 0:
    if (ask() != 0)
      exit(1);
    break;
  default:
    exit(2);
  }
  pthread_join(thread, NULL);
}

void forgetBad(void) {
  pthread_t thread;
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unjoined-task]
  pthread_create(&thread, NULL, work, NULL);
  switch (ask()) {
  case 0:
    if (ask() != 0)
      return;
    break;
  default:
    exit(2);
  }
  pthread_join(thread, NULL);
}
