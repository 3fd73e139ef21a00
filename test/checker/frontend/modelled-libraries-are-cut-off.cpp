// Bodies of a modelled library make no difference, wherever its headers are found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- -std=c++20 -I%S/Inputs/bodies > %t.bodies
// RUN: sluice-frontend %s -- -std=c++20 -I%S/Inputs/declarations > %t.declarations
// RUN: sluice-frontend %s -- -std=c++20 -isystem %S/Inputs/bodies > %t.system
// RUN: cmp %t.bodies %t.declarations
// RUN: cmp %t.bodies %t.system
// RUN: FileCheck %s < %t.bodies
#include "channel.hpp"

struct stage {
  sluice::chan<int> out{2};
  void put(int v) { out.send(v); }
  ~stage() { out.close(); }
};

void runOk() {
  stage s;
  s.put(1);
}

// CHECK-NOT: gap
// CHECK: file 0
// CHECK-NOT: file 1
// CHECK: func {{.*}} "stage::stage" exclusive (%this)
// CHECK: make chan 2 name "out" type "chan<int>"
// CHECK: func {{.*}} "stage::put" (%this, %v)
// CHECK: send %{{[0-9]+}}, %v
