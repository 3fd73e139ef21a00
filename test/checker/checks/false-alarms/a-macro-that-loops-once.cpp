// What a library's function in a header returns is known where its body is one constant.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags -I%S/../Inputs | FileCheck --implicit-check-not=warning: %s
#include "assertions.hpp"
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

void sendsOnceOk() {
  sluice::chan<int> results(1);
  EXPECT_THAT((results.send(1), true));
}

void bothSidesOnceOk() {
  sluice::chan<int> results(0);
  sluice::go([results] { EXPECT_THAT((results.send(1), true)); });
  EXPECT_THAT(results.recv().has_value());
}

void libraryDecidesBad() {
  sluice::chan<int> results(1);
  do {
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: send on 'results' can block for ever
    results.send(1);
  } while (assertions::chosen());
}

// Whose override runs is not known, so neither is what it returns.
void overrideDecidesBad() {
  sluice::chan<int> results(1);
  do {
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: send on 'results' can block for ever
    results.send(1);
  } while (assertions::reporter().stops());
}
