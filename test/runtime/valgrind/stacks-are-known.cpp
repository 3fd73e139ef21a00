// Valgrind knows the stacks of tasks: many, deep ones, and that of the main task.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: valgrind
// RUN: %cxx %s -o %t
// RUN: strip -g %t
// RUN: env SLUICE_OPTIONS=detect_leaks=0:procs=1 valgrind --error-exitcode=9 %t > %t.one 2>&1
// RUN: FileCheck %s < %t.one
// RUN: env SLUICE_OPTIONS=detect_leaks=0:procs=3 valgrind --error-exitcode=9 %t > %t.three 2>&1
// RUN: FileCheck %s < %t.three
// CHECK-NOT: switching stacks
// CHECK-NOT: Invalid
// CHECK: sum 15200
// CHECK-NOT: switching stacks
// CHECK: ERROR SUMMARY: 0 errors

// Without debug information, since that of clang 19 is newer than Valgrind 3.19 can read. Without
// the search for leaks, which reads all memory that may hold a pointer, written to or not.
#include <sluice/sluice.hpp>

#include <cstdio>

namespace {

constexpr int tasks = 200;

[[gnu::noinline]] int dig(int depth) {
  volatile char frame[256] = {};
  frame[0] = 1;
  if (depth == 0) {
    sluice::yield();
    return 0;
  }
  return dig(depth - 1) + frame[0];
}

int sum_of_depths() {
  sluice::chan<int> depths;
  for (int i = 0; i < tasks; ++i)
    sluice::go([=] {
      int depth = 0;
      for (int round = 0; round < 5; ++round)
        depth = dig(10 + i % 90);
      depths.send(depth);
    });
  int sum = 0;
  for (int i = 0; i < tasks; ++i)
    sum += *depths.recv();
  return sum + dig(5000);
}

} // namespace

int main() { std::printf("sum %d\n", sluice::run(sum_of_depths)); }
