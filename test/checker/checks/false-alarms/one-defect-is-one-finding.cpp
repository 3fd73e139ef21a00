// A defect in a template is told once, however many instances show it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>

template <typename T> void twiceBad(T &value) {
  std::mutex m;
  std::lock_guard first(m);
  // CHECK-COUNT-1: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
  m.lock();
  ++value;
  m.unlock();
}
void use(int &a, long &b) {
  twiceBad(a);
  twiceBad(b);
}

template <typename T> void onceOk(T &value) {
  std::mutex m;
  std::lock_guard first(m);
  ++value;
}
void useOk(int &a, long &b) {
  onceOk(a);
  onceOk(b);
}
// CHECK: sluice: 1 warning in 1 file
