// Guards are objects that say which lock they hold and whether they do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <mutex>
#include <shared_mutex>

// CHECK-LABEL: "releasedEarlyOk"
// CHECK: lock [[M:%[0-9]+]]
// CHECK: store %l."lock", [[M]]
// CHECK: store %l."owns", 1
// CHECK: unlock
// CHECK: store %l."owns", 0
// CHECK: [[OWNS:%[0-9]+]] = load %l."owns"
// CHECK: branch [[OWNS]]
std::mutex mu;
void releasedEarlyOk() {
  std::unique_lock l(mu);
  l.unlock();
}

// CHECK-LABEL: "triedOk"
// CHECK: [[GOT:%[0-9]+]] = lock {{%[0-9]+}} try shared
// CHECK: store %l."owns", [[GOT]]
// CHECK: unlock {{%[0-9]+}} shared
std::shared_mutex shared;
void triedOk() { std::shared_lock l(shared, std::try_to_lock); }

// CHECK-LABEL: "bothOk"
// CHECK: lock [[FIRST:%[0-9]+]] at
// CHECK: [[DONE:%[0-9]+]] = lock {{%[0-9]+}} try
// CHECK: branch [[DONE]]
// CHECK: yield
std::mutex other;
void bothOk() { std::scoped_lock l(mu, other); }
