// A buffered channel that bounds how many run, or guards what its one token stands for, is no leak when it is left full.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>

void boundedOk(int items) {
  sluice::chan<int> tokens(2);
  sluice::wait_group done;
  for (int i = 0; i < items; ++i) {
    tokens.send(1);
    done.add(1);
    sluice::go([&, tokens] {
      tokens.recv();
      done.done();
    });
  }
  done.wait();
}

void oneTokenOk() {
  sluice::chan<int> token(1);
  token.send(1);
  sluice::go([token] {
    token.recv();
    token.send(1);
  });
  token.recv();
  token.send(1);
}

void keptBad(bool failed) {
  sluice::chan<int> token(1);
  token.send(1);
  sluice::go([token, failed] {
    token.recv();
    if (!failed)
      token.send(1);
  });
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-starved-receive]
  token.recv();
  token.send(1);
}
