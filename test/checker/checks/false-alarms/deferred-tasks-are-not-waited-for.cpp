// The future of a deferred task may be thrown away: its end waits for nothing, and the task never runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks='-*,unjoined-task' %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <future>

int count();
int sum(int a, int b);

void neverOk() {
  std::async(std::launch::deferred, count);
  std::async(std::launch::deferred, sum, 1, 2);
}

void atOnceBad() {
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: the future of this task is thrown away{{.*}} [sluice-unjoined-task]
  std::async(std::launch::async, count);
}

void eitherBad() {
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: the future of this task is thrown away{{.*}} [sluice-unjoined-task]
  std::async(std::launch::async | std::launch::deferred, count);
}
