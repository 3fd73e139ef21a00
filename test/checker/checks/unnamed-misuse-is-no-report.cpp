// An unlock of a free lock is seen, but no check has a name for it yet: it does not count as reported.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- %flags | FileCheck %s
// CHECK: no warnings in 1 file; 1 lock: 0 reported, 0 verified,
// CHECK-NEXT: 1 without verdict (1 misused in a way no check names)
#include <sluice/sluice.hpp>

int main() {
  sluice::mutex free;
  free.unlock();
}
