// A context that a waiting function takes but never looks at is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,missing-cancellation' %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/context.hpp>
#include <sluice/select.hpp>
#include <sluice/time.hpp>

// CHECK: :[[@LINE+1]]:31: warning: 'drainBad' takes the context 'ctx' but never looks at it [sluice-missing-cancellation]
void drainBad(sluice::context ctx, sluice::recv_chan<int> c) {
  while (c.recv()) {
  }
}

// CHECK: :[[@LINE+1]]:30: warning: 'spinBad' takes the context 'ctx'
void spinBad(sluice::context ctx, int &count) {
  while (true)
    ++count;
}

// CHECK-NOT: warning:
void drainOk(sluice::context ctx, sluice::recv_chan<int> c) {
  while (c.recv(ctx)) {
  }
}

void passedOnOk(sluice::context ctx, sluice::recv_chan<int> c) { drainOk(ctx, c); }

void unnamedOk(sluice::context, sluice::recv_chan<int> c) { c.recv(); }

void markedOk([[maybe_unused]] sluice::context ctx, sluice::recv_chan<int> c) { c.recv(); }

// It neither waits nor loops: there is nothing to cancel.
int quickOk(sluice::context ctx, int value) { return value + 1; }

struct Handler {
  virtual ~Handler() = default;
  virtual void handleOk(sluice::context ctx, sluice::recv_chan<int> c) { c.recv(); }
};
// CHECK: sluice: 2 warnings in 1 file
