// In a whole program exploration alone says which lock orders meet.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --checks='-*,lock-order-cycle' %s -- %flags | FileCheck --implicit-check-not=warning: %s
// RUN: not sluice check --checks='-*,lock-order-cycle' %s -- %flags -DPARALLEL | FileCheck --check-prefix=BAD %s
#include <mutex>
#include <thread>

static std::mutex first, second;
static int n = 0;
void forward() {
  std::lock_guard a(first);
  std::lock_guard b(second);
  ++n;
}
void backward() {
  std::lock_guard b(second);
  std::lock_guard a(first);
  ++n;
}
int main() {
  std::thread one(forward);
#ifdef PARALLEL
  backward();
  one.join();
#else
  one.join();
  backward();
#endif
}
// CHECK: no warnings in 1 file
// BAD: [sluice-lock-order-cycle]
// BAD: sluice: 1 warning in 1 file
