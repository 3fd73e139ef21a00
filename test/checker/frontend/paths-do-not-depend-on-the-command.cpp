// The same file named by an absolute and by a relative path gives the same bytes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cd %S && sluice-frontend %s -- -std=c++20 > %t.absolute
// RUN: cd %S && sluice-frontend paths-do-not-depend-on-the-command.cpp -- -std=c++20 > %t.relative
// RUN: cmp %t.absolute %t.relative
// RUN: FileCheck %s < %t.absolute
namespace {
int twice(int n) { return n + n; }
} // namespace

int callsOk() {
  auto add = [](auto a, auto b) { return a + b; };
  return add(twice(1), 2L) + add(1, 2);
}

// CHECK: file 0 "paths-do-not-depend-on-the-command.cpp"
// CHECK: func {{.*}} "twice" internal (%n)
