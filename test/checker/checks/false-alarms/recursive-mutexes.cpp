// A recursive mutex may be taken again by the task that holds it, and is free after as many unlocks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>
#include <thread>

void againOk() {
  std::recursive_mutex m;
  std::lock_guard first(m);
  std::lock_guard second(m);
}

class Tree {
public:
  void insert(int depth) {
    std::lock_guard lock(m);
    if (depth > 0)
      insert(depth - 1);
  }

private:
  std::recursive_mutex m;
};

void methodOk() {
  Tree tree;
  tree.insert(1);
}

void onceTooFewBad() {
  std::recursive_mutex m;
  m.lock();
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-missing-unlock]
  m.lock();
  m.unlock();
}

void ofAnotherBad() {
  std::recursive_mutex a, b;
  std::thread other([&] {
    std::lock_guard first(b);
    std::lock_guard second(a);
  });
  {
    std::lock_guard first(a);
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
    std::lock_guard second(b);
  }
  other.join();
}
