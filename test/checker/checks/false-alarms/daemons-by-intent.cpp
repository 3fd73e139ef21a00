// A task that is meant to last as long as the process is no leak: it is said to be one, or serves a global queue.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

#include <mutex>
#include <thread>

static sluice::chan<int> orders(8);

void declaredOk() {
  sluice::chan<int> none(0);
  sluice::go({.name = "housekeeping", .background = true}, [none] {
    for (;;)
      none.recv();
  });
}

void ofTheProcessOk() {
  sluice::go([] {
    for (int order : orders)
      (void)order;
  });
}

void startedOnceOk(int line) {
  static sluice::chan<int> lines(16);
  static std::once_flag started;
  std::call_once(started, [] {
    std::thread([] {
      for (;;)
        lines.recv();
    }).detach();
  });
  lines.try_send(line);
}

void pollsForEverBad() {
  sluice::chan<int> none(1);
  sluice::go([none] {
    for (;;)
      // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-missing-cancellation]
      none.try_recv();
  });
}

void ofNobodyBad() {
  sluice::chan<int> none(0);
  sluice::go([none] {
    for (;;)
      // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-starved-receive]
      none.recv();
  });
}
