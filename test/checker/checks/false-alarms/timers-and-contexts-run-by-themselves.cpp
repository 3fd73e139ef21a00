// What fires a timer or ends a context is no task that anybody has to write.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/sluice.hpp>

#include <chrono>

using namespace std::chrono_literals;

void timeoutOk() { sluice::after(1ms).recv(); }

void deadlineOk() {
  auto [ctx, cancel] = sluice::with_timeout(sluice::context::background(), 1ms);
  sluice::defer stop([&] { cancel(); });
  ctx.done().recv();
}

void childOk() {
  auto [parent, cancel] = sluice::with_timeout(sluice::context::background(), 1ms);
  auto [child, cancelChild] = sluice::with_cancel(parent);
  sluice::defer stop([&] {
    cancelChild();
    cancel();
  });
  sluice::go([ctx = child] { ctx.done().recv(); });
}

void givenOk(sluice::context ctx) { ctx.done().recv(); }

void endedTooLateBad() {
  auto [ctx, cancel] = sluice::with_cancel(sluice::context::background());
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-missing-cancellation]
  ctx.done().recv();
  cancel();
}

void tickerOk(sluice::context ctx) {
  sluice::ticker beat(1ms);
  while (sluice::select(sluice::on_recv(beat.channel()), sluice::on_recv(ctx.done())) == 0) {
  }
}

void stoppedBad() {
  sluice::timer once(1ms);
  once.stop();
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-starved-receive]
  once.channel().recv();
}
