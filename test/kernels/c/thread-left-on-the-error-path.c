// When the second thread cannot be started, the first one is neither joined nor detached.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <pthread.h>
#include <stddef.h>

static void *half(void *argument) {
  int *value = argument;
  *value += 1;
  return NULL;
}

int run_both(int *left, int *right) {
  pthread_t one, other;
  if (pthread_create(&one, NULL, half, left)) // sluice: unjoined-task
    return -1;
  if (pthread_create(&other, NULL, half, right)) {
#ifdef REPAIRED
    pthread_join(one, NULL);
#endif
    return -1;
  }
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  return 0;
}

int main(void) {
  int left = 0, right = 0;
  int status = run_both(&left, &right);
  return status;
}
