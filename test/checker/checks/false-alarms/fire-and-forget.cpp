// A task that always ends needs nobody who waits for it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

#include <memory>
#include <mutex>
#include <thread>

void log(int line);

void detachedOk() {
  std::thread([] { log(1); }).detach();
}

void taskOk() {
  sluice::go([] { log(1); });
}

void ownsItsStateOk() {
  auto m = std::make_shared<std::mutex>();
  std::thread([m] {
    std::lock_guard lock(*m);
    log(1);
  }).detach();
  std::lock_guard lock(*m);
}

void bufferedOk() {
  sluice::chan<int> results(1);
  std::thread([results] { results.send(1); }).detach();
}

void unbufferedBad() {
  sluice::chan<int> results(0);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unreceived-send]
  std::thread([results] { results.send(1); }).detach();
}
