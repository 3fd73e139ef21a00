// An operation that only tries never blocks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
#include <mutex>

void tryOk() {
  std::mutex m;
  std::lock_guard lock(m);
  if (m.try_lock())
    m.unlock();
}

void lockBad() {
  std::mutex m;
  std::lock_guard lock(m);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
  m.lock();
  m.unlock();
}
