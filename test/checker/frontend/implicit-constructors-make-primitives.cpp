// Bases and members that are primitives or handles are made even where no constructor is written.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

struct vault : sluice::mutex {
  sluice::chan<int> out;
};

void opensOk() {
  auto v = std::make_shared<vault>();
  std::lock_guard hold(*v);
}

// CHECK: func {{.*}} "opensOk"
// CHECK: %v = new class
// CHECK-NEXT: [[MU:%[0-9]+]] = make mutex
// CHECK-NEXT: store %v."sluice::mutex", [[MU]]
// CHECK-NEXT: [[C:%[0-9]+]] = make chan 0 name "out" type "chan<int>"
// CHECK-NEXT: store %v."vault::out", [[C]]
// CHECK-NEXT: [[HELD:%[0-9]+]] = load %v."sluice::mutex"
// CHECK-NEXT: lock [[HELD]]
