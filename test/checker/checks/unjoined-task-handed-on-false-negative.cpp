// A thread that is handed on by rvalue reference, but not taken, ends with its handle.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
// XFAIL: *
// Who takes such a handle is taken to keep it: a parameter of that kind is a value here, and not a place of the caller's.
#include <thread>
#include <utility>

void work();
void leave(std::thread &&) {}

void nobodyTakesBad() {
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: thread 'one' is neither joined nor detached {{.*}} [sluice-unjoined-task]
  std::thread one(work);
  leave(std::move(one));
}

void nobodyTakesATemporaryBad() {
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: thread is neither joined nor detached {{.*}} [sluice-unjoined-task]
  leave(std::thread(work));
}
