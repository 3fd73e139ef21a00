// A worker that a special value ends needs no close, if every worker gets one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

constexpr int stop = -1;

void oneOk() {
  sluice::chan<int> jobs(0);
  sluice::go([jobs] {
    while (jobs.recv().value() != stop) {
    }
  });
  jobs.send(1);
  jobs.send(stop);
}

void twoOk() {
  sluice::chan<int> jobs(4);
  for (int i = 0; i < 2; ++i)
    sluice::go([jobs] {
      while (jobs.recv().value() != stop) {
      }
    });
  for (int i = 0; i < 2; ++i)
    jobs.send(stop);
}

void oneTooFewBad() {
  sluice::chan<int> jobs(4);
  for (int i = 0; i < 2; ++i)
    sluice::go([jobs] {
      // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-starved-receive]
      while (jobs.recv().value() != stop) {
      }
    });
  jobs.send(stop);
}
