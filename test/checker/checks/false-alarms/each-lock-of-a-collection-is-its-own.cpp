// Locks in a container are told apart by where they stand in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <array>
#include <mutex>

void distinctOk() {
  std::array<std::mutex, 2> all;
  all[0].lock();
  all[1].lock();
  all[1].unlock();
  all[0].unlock();
}

void sameBad() {
  std::array<std::mutex, 2> all;
  all[0].lock();
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
  all[0].lock();
  all[0].unlock();
}
