// Copying an object copies its fields; copying a closure or a handle shares what it names.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

struct pair_of {
  int number;
  sluice::chan<int> channel;
};
void use(pair_of);

void copiesOk(pair_of &from) {
  pair_of copy = from;
  sluice::chan<int> moved = std::move(copy.channel);
  moved.close();
}

// CHECK: func [[COPY:[0-9]+]] "copy {{.*}} (%this, %other)
// CHECK-NEXT: b0:
// CHECK-NEXT: [[N:%[0-9]+]] = load %other."pair_of::number"
// CHECK-NEXT: store %this."pair_of::number", [[N]]
// CHECK-NEXT: [[C:%[0-9]+]] = load %other."pair_of::channel"
// CHECK-NEXT: store %this."pair_of::channel", [[C]]
// CHECK: func {{.*}} "copiesOk"
// CHECK: %copy = new class
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[COPY]](%copy, %from)
// CHECK: store %copy."pair_of::channel", null
// CHECK: close %moved
