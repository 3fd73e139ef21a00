// A task that waits when the process is ended on purpose is no leak.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
#include <cstdlib>

void exitOk() {
  sluice::chan<int> results(0);
  sluice::go([results] { results.send(1); });
  std::exit(1);
}

void returnBad() {
  sluice::chan<int> results(0);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unreceived-send]
  sluice::go([results] { results.send(1); });
}
