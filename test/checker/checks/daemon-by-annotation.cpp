// A task in a function that is meant to run for ever is no leak; one in any other function is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-undirected-channel' %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

#include <mutex>
#include <thread>

void handle(int);

void serve(sluice::chan<int> requests) {
  for (;;)
    // CHECK: :[[@LINE+1]]:13: warning: receive from 'requests' waits for ever
    handle(*requests.recv());
}

void servedBad() {
  sluice::chan<int> requests(1);
  sluice::go([=] { serve(requests); });
  requests.send(1);
}

[[clang::annotate("sluice::daemon")]] void serveForEver(sluice::chan<int> requests);
void serveForEver(sluice::chan<int> requests) {
  for (;;)
    handle(*requests.recv());
}

void servedOk() {
  sluice::chan<int> requests(1);
  sluice::go([=] { serveForEver(requests); });
  requests.send(1);
}

void namedOk() {
  sluice::chan<int> requests(1);
  sluice::go("server", [=] { serveForEver(requests); });
  requests.send(1);
}

/// Who waits for the end of such a task means to wait as long.
void joinedOk() {
  sluice::chan<int> requests(1);
  std::thread server(serveForEver, requests);
  requests.send(1);
  server.join();
}

void closureOk() {
  sluice::chan<int> ticks(1);
  sluice::go([=]() __attribute__((annotate("sluice::daemon"))) {
    for (;;)
      ticks.send(1);
  });
  ticks.recv();
}

/// What waits for a daemon that will not come is stuck all the same.
void askedBad() {
  sluice::chan<int> requests(1), replies;
  sluice::go([=] { serveForEver(requests); });
  requests.send(1);
  // CHECK: :[[@LINE+1]]:3: warning: receive from 'replies' waits for ever
  replies.recv();
}

class registry {
public:
  [[clang::annotate("sluice::daemon")]] void watch() {
    for (;;) {
      std::lock_guard<std::mutex> a(one);
      // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: {{.*}}[sluice-lock-order-cycle]
      std::lock_guard<std::mutex> b(two);
    }
  }
  void add() {
    std::lock_guard<std::mutex> b(two);
    std::lock_guard<std::mutex> a(one);
  }

private:
  std::mutex one, two;
};

/// To run for ever is not to wait for ever for a lock.
void locksCrossedBad() {
  registry r;
  std::thread watcher([&] { r.watch(); });
  r.add();
  watcher.join();
}
// CHECK-NOT: warning:
// CHECK: sluice: 3 warnings
