// A static local is a global with a guard; other globals are made before any entry.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <mutex>

std::mutex everyone;
namespace {
int hidden = 3;
}

int countsOk() {
  static int calls = hidden;
  std::lock_guard hold(everyone);
  return ++calls;
}

// CHECK: func [[INIT:[0-9]+]] {{.*}} "the globals of
// CHECK-NEXT: b0:
// CHECK-NEXT: store globals."[[GUARD:countsOk::calls@.*#made]]", 0
// CHECK-NEXT: [[MU:%[0-9]+]] = make mutex name "everyone"
// CHECK-NEXT: store globals."everyone", [[MU]]
// CHECK-NEXT: store globals."(anonymous)::hidden@{{.*}}", 3
// CHECK: func {{.*}} "countsOk"
// CHECK: [[MADE:%[0-9]+]] = load globals."[[GUARD]]"
// CHECK-NEXT: branch [[MADE]]
// CHECK: store globals."[[GUARD]]", 1
// CHECK: init f [[INIT]]
