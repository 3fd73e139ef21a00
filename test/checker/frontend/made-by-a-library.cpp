// What make_shared and emplace make is made by the constructor that their arguments choose.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

#include <atomic>
#include <memory>

struct sized {
  explicit sized(int) : one(1) {}
  explicit sized(const char *) : one(9) {}
  sluice::chan<int> one;
};

int makesOk() {
  auto flag = std::make_shared<std::atomic<bool>>(true);
  auto jobs = std::make_shared<sluice::chan<int>>(3);
  auto lock = std::make_shared<sluice::mutex>("raft");
  auto permits = std::make_unique<sluice::semaphore>(4);
  auto user = std::make_shared<sized>("name");
  std::optional<sluice::chan<int>> later;
  later.emplace(5);
  return flag->load() + static_cast<int>(jobs->size());
}

// CHECK: func [[NAMED:[0-9]+]] "c:@S@sized@F@sized#*1C#" "sized::sized"
// CHECK: make chan 9
// CHECK: func {{.*}} "makesOk"
// CHECK: %flag = new class
// CHECK-NEXT: store %flag."*", 1
// CHECK: make chan 3 name "jobs"
// CHECK: %lock = make mutex
// CHECK: %permits = make semaphore 4
// CHECK: call f [[NAMED]](%user, {{.*}})
// CHECK: make chan 5
// CHECK-NOT: gap
