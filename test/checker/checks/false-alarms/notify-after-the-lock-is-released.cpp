// A notify outside of the lock is right where the state was changed under it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/task.hpp>
#include <condition_variable>
#include <mutex>

void outsideOk() {
  std::mutex m;
  std::condition_variable changed;
  bool ready = false;
  sluice::go([&] {
    {
      std::lock_guard lock(m);
      ready = true;
    }
    changed.notify_one();
  });
  std::unique_lock lock(m);
  changed.wait(lock, [&] { return ready; });
}

void neverBad() {
  std::mutex m;
  std::condition_variable changed;
  bool ready = false;
  sluice::go([&] {
    std::lock_guard lock(m);
    ready = true;
  });
  std::unique_lock lock(m);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lost-notify]
  changed.wait(lock, [&] { return ready; });
}
