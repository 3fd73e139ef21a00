// What std::make_unique makes of an array is not followed: the number of its elements is not the pointer.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- -std=c++20 | FileCheck %s
#include <memory>
#include <thread>

struct Pool {
  explicit Pool(unsigned count) { workers = std::make_unique<std::thread[]>(count); }
  std::unique_ptr<std::thread[]> workers;
};

// CHECK: func {{.*}} "Pool::Pool" exclusive (%this, %count
// CHECK: store %this."Pool::workers", null
// CHECK: store %this."Pool::workers", opaque
// CHECK-NOT: store %this."Pool::workers"
