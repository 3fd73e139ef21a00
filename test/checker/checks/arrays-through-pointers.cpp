// An array handed on as a pointer is still the array: what its elements hold decides.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-undirected-channel' %s -- %flags 2>&1 | FileCheck %s
#include <sluice/mutex.hpp>

struct pod {
  bool ready;
};

static void syncAll(sluice::mutex &m, const pod *pods, int n) {
  for (int i = 0; i < n; ++i) {
    // CHECK: :[[@LINE+1]]:5: warning: {{.*}} [sluice-double-lock]
    m.lock();
    if (!pods[i].ready)
      continue;
    m.unlock();
  }
}

static void syncSome(sluice::mutex &m, const pod *pods, int n) {
  for (int i = 0; i < n; ++i) {
    // CHECK: :[[@LINE+1]]:5: warning: lock of 'm' is kept for ever: {{.*}} [sluice-missing-unlock]
    m.lock();
    if (!pods[i].ready)
      continue;
    m.unlock();
  }
}

void firstKeepsBad() {
  sluice::mutex m;
  const pod pods[] = {{false}, {true}};
  syncAll(m, pods, 2);
}

// Only the last element keeps the lock: nobody locks it again.
int lastKeepsBad() {
  sluice::mutex m;
  const pod pods[] = {{true}, {false}};
  syncSome(m, pods, 2);
  return 0;
}

// An outside element is the same for both that ask.
void sameElementOk(const pod *pods, int i) {
  sluice::mutex m;
  if (pods[i].ready)
    m.lock();
  if (pods[i].ready)
    m.unlock();
  m.lock();
  m.unlock();
}
// CHECK: 2 warnings in 1 file
