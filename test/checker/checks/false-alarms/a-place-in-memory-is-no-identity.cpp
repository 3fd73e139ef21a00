// A lock that ended and one that begins at the same place are two locks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <memory>
#include <mutex>

struct Request {
  std::mutex m;
  bool done = false;
};

void eachRoundOk(int rounds) {
  for (int i = 0; i < rounds; ++i) {
    Request request;
    request.m.lock();
    request.done = true;
    request.m.unlock();
  }
}

void oneAfterAnotherOk() {
  {
    std::mutex m;
    std::lock_guard lock(m);
  }
  {
    std::mutex m;
    std::lock_guard lock(m);
  }
}

void replacedOk() {
  auto request = std::make_unique<Request>();
  request->m.lock();
  request->m.unlock();
  request = std::make_unique<Request>();
  request->m.lock();
  request->m.unlock();
}

void sameBad() {
  Request request;
  for (int i = 0; i < 2; ++i)
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
    request.m.lock();
  request.m.unlock();
}
