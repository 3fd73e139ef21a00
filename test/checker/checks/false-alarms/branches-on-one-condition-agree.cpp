// Two branches on one unchanged condition go the same way.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

void correlatedOk(bool wanted) {
  sluice::chan<int> results(0);
  if (wanted)
    sluice::go([results] { results.send(1); });
  if (wanted)
    results.recv();
}

void uncorrelatedBad(bool wanted, bool collected) {
  sluice::chan<int> results(0);
  if (wanted)
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-unreceived-send]
    sluice::go([results] { results.send(1); });
  if (wanted && collected)
    results.recv();
}
