// A path without its done is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,wait-group-misuse' %s -- %flags | FileCheck %s
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>
#include <sluice/defer.hpp>

bool chance();
void handle(int);

void missingBad() {
  sluice::wait_group group;
  group.add(1);
  sluice::go([&] {
    if (!chance())
      return;
    group.done();
  });
  // CHECK: :[[@LINE+1]]:3: warning: wait for 'group' can block for ever: its counter stays above zero [sluice-wait-group-misuse]
  group.wait();
}

// CHECK-NOT: warning:
void deferOk() {
  sluice::wait_group group;
  group.add(1);
  sluice::go([&] {
    sluice::defer done([&] { group.done(); });
    if (!chance())
      return;
    handle(1);
  });
  group.wait();
}
// CHECK: sluice: 1 warning in 1 file
