// A cancel function that some path does not call is found, at the wait that depends on it where there is one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,missing-cancellation' %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>
#include <sluice/context.hpp>
#include <sluice/defer.hpp>

bool chance();
void handle(int);

void forgetBad() {
  // CHECK: :[[@LINE+1]]:8: warning: the cancel function is not called on every path [sluice-missing-cancellation]
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  if (chance())
    cancel();
}

// One defect, one finding: the blocked wait stands for the cancel function that explains it.
void forgetAndWaitBad() {
  // CHECK-NOT: warning: the cancel function
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  // CHECK: :[[@LINE+1]]:22: warning: wait for the end of the context can block for ever: nothing cancels it
  sluice::go([ctx] { ctx.done().recv(); });
  if (chance())
    cancel();
}

// CHECK-NOT: warning:
void deferOk() {
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  sluice::defer onExit([&] { cancel(); });
  sluice::go([ctx] { ctx.done().recv(); });
  if (chance())
    handle(1);
}
// CHECK: sluice: 2 warnings in 1 file
