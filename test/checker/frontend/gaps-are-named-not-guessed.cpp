// What is not understood is listed with its place, and the rest of the file is still lowered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend -gaps %s -- -std=gnu++20 | FileCheck %s
// RUN: sluice-frontend %s -- -std=gnu++20 | FileCheck --check-prefix=BODY %s

// CHECK: gaps-are-named-not-guessed.cpp:[[#@LINE+3]]:{{[0-9]+}}: IndirectGotoStmt
void jumps(int n) {
  void *to = n ? &&one : &&other;
  goto *to;
one:
  --n;
other:
  ++n;
}

// CHECK: gaps-are-named-not-guessed.cpp:[[#@LINE+2]]:{{[0-9]+}}: assembly
int plain(int n) {
  asm volatile("nop");
  return n + 1;
}

// BODY: func {{.*}} "jumps" (%n) at
// BODY-NOT: {
// BODY: func {{.*}} "plain" (%n)
// BODY: add %n, 1
