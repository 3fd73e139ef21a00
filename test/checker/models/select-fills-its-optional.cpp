// A select's arms are exact: where the value goes, the handler, the way out.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

// CHECK-LABEL: "firstOk"
// CHECK: [[AFTER:%[0-9]+]] = timer_channel
// CHECK: [[I:%[0-9]+]] = select { [[V:%[0-9]+]], _ = recv %in at {{.*}}; _, _ = recv [[AFTER]] at
// CHECK: %got = copy [[V]]
std::optional<int> firstOk(sluice::chan<int> in) {
  std::optional<int> got;
  sluice::select(sluice::on_recv(in, got), sluice::on_recv(sluice::after(std::chrono::seconds(1))));
  return got;
}

// CHECK-LABEL: "otherwiseFirstOk"
// CHECK: [[I:%[0-9]+]] = select { send %out, 7 at {{.*}} } otherwise
// CHECK: eq [[I]], 1
// CHECK: eq [[I]], 0
int otherwiseFirstOk(sluice::send_chan<int> out) {
  return sluice::select(sluice::otherwise(), sluice::on_send(out, 7));
}

// CHECK-LABEL: "whenOk"
// CHECK: [[ON:%[0-9]+]] = copy %enabled
// CHECK: branch [[ON]],
// CHECK: [[ARM:%[0-9]+]] = copy %in
// CHECK: select { _, _ = recv [[ARM]] at {{.*}} } otherwise
// CHECK: [[ARM]] = copy null
void whenOk(sluice::chan<int> in, bool enabled) {
  sluice::select(sluice::when(enabled, sluice::on_recv(in)), sluice::otherwise());
}

// CHECK-LABEL: "untilOk"
// CHECK: [[DONE:%[0-9]+]] = context_done %ctx
// CHECK: select { send %out, 1 at {{.*}}; _, _ = recv [[DONE]] at
bool untilOk(sluice::context ctx, sluice::send_chan<int> out) { return out.send(1, ctx); }
