// A wait whose flag is set under the lock, and looked at again after each wake, misses nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <condition_variable>
#include <mutex>
#include <thread>

void loopOk() {
  std::mutex m;
  std::condition_variable changed;
  bool ready = false;
  std::thread other([&] {
    std::lock_guard lock(m);
    ready = true;
    changed.notify_one();
  });
  {
    std::unique_lock lock(m);
    while (!ready)
      changed.wait(lock);
  }
  other.join();
}

void lookedAtOutsideBad() {
  std::mutex m;
  std::condition_variable changed;
  bool ready = false;
  std::thread other([&] {
    {
      std::lock_guard lock(m);
      ready = true;
    }
    changed.notify_one();
  });
  bool seen;
  {
    std::lock_guard lock(m);
    seen = ready;
  }
  if (!seen) {
    std::unique_lock lock(m);
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lost-notify]
    changed.wait(lock);
  }
  other.join();
}
