// An array that is initialised in parentheses is not followed, and its parts still run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- -std=c++20 | FileCheck %s
struct Pair {
  int x, y;
};

int next();

void fill() {
  int numbers[](next(), next());
  Pair whole(next(), 2);
}

// CHECK: "fill" ()
// CHECK-COUNT-2: call f
// CHECK: %numbers = copy opaque
// CHECK: %whole = new class
// CHECK-NEXT: call f
