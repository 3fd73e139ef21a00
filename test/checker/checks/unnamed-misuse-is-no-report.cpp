// A promise that is set twice is seen, but no check has a name for it yet: it does not count as reported.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- %flags | FileCheck %s
// CHECK: no warnings in 1 file; {{.*}} 0 reported,
// CHECK: misused in a way no check names
#include <future>

int main() {
  std::promise<int> twice;
  twice.set_value(1);
  twice.set_value(2);
}
