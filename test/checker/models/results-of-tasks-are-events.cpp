// Futures wait for an event that the promise or the task sets.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <future>
#include <sluice/sluice.hpp>

// CHECK-LABEL: "promisedOk"
// CHECK: [[E:%[0-9]+]] = make event name "p"
// CHECK: store %p."event", [[E]]
// CHECK: store %p."value", 3
// CHECK: set
// CHECK: wait_event
int promisedOk() {
  std::promise<int> p;
  std::future<int> f = p.get_future();
  p.set_value(3);
  return f.get();
}

// CHECK-LABEL: "groupBad"
// CHECK: make counter 0 name "g"
// CHECK: counter_add {{%[0-9]+}}, 1
// CHECK: spawn
// CHECK: counter_wait
// CHECK: cancel
void groupBad(sluice::chan<int> c) {
  sluice::task_group g;
  g.go([=] { c.send(1); });
  g.wait();
}
// CHECK: func {{[0-9]+}} {{.*}}@group@
// CHECK: call f {{[0-9]+}}({{.*}}) unwind
// CHECK: cancel
// CHECK: counter_add {{%[0-9]+}}, -1
