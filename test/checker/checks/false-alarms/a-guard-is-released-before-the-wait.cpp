// A guard that is unlocked, moved or never taken holds nothing at the wait that follows it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
#include <mutex>
#include <utility>

void unlockedOk() {
  std::mutex m;
  sluice::chan<int> full(0);
  std::unique_lock lock(m);
  sluice::go([&m, full] {
    std::lock_guard inner(m);
    full.send(1);
  });
  lock.unlock();
  full.recv();
}

void movedOk() {
  std::mutex m;
  sluice::chan<int> full(0);
  std::unique_lock lock(m);
  sluice::go([&m, full] {
    std::lock_guard inner(m);
    full.send(1);
  });
  {
    std::unique_lock inner(std::move(lock));
  }
  full.recv();
}

void deferredOk() {
  std::mutex m;
  sluice::chan<int> full(0);
  std::unique_lock lock(m, std::defer_lock);
  sluice::go([&m, full] {
    std::lock_guard inner(m);
    full.send(1);
  });
  full.recv();
}

void heldBad() {
  std::mutex m;
  sluice::chan<int> full(0);
  std::unique_lock lock(m);
  sluice::go([&m, full] {
    std::lock_guard inner(m);
    full.send(1);
  });
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-blocking-under-lock]
  full.recv();
}
