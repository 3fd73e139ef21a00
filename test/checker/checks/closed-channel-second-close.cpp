// A second close on some path is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,closed-channel' %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>

bool chance();
void handle(int);

void closeBad(bool failed) {
  sluice::chan<int> c(1);
  if (failed)
    c.close();
  // CHECK: :[[@LINE+1]]:3: warning: close of 'c', which is closed already [sluice-closed-channel]
  c.close();
  // CHECK: note: {{[0-9]+}}. assume that failed != 0
}

// CHECK-NOT: warning:
void closeOk(bool failed) {
  sluice::chan<int> c(1);
  if (!failed)
    c.send(1);
  c.close();
}
// CHECK: sluice: 1 warning in 1 file
