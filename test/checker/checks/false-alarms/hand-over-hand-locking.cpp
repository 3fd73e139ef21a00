// A list that is walked with the lock of the next node taken before that of the last is released has one order.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <mutex>
#include <thread>
#include <utility>

struct Node {
  std::mutex m;
  Node *next = nullptr;
  int value = 0;
};

void walk(Node *at) {
  std::unique_lock held(at->m);
  while (Node *next = at->next) {
    std::unique_lock ahead(next->m);
    held.unlock();
    held = std::move(ahead);
    at = next;
  }
  ++at->value;
}

void lineOk() {
  Node a, b, c;
  a.next = &b;
  b.next = &c;
  std::thread other([&] { walk(&a); });
  walk(&a);
  other.join();
}

void takeTwo(Node *at) {
  std::lock_guard held(at->m);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
  std::lock_guard ahead(at->next->m);
  ++at->value;
}

void ringBad() {
  Node a, b;
  a.next = &b;
  b.next = &a;
  std::thread other([&] { takeTwo(&b); });
  takeTwo(&a);
  other.join();
}
