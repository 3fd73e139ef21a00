// What is handed over without a parameter's name is known to code that nobody follows: no verdict.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --explain-verdict %s -- %flags | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <cstdarg>

void use(int count, ...) {
  va_list rest;
  va_start(rest, count);
  auto *numbers = va_arg(rest, sluice::chan<int> *);
  va_end(rest);
  numbers->send(1);
}

// CHECK: :[[@LINE+3]]:{{[0-9]+}}: channel 'numbers'
// CHECK-NEXT: no verdict: it is handed to code out of sight
int main() {
  sluice::chan<int> numbers(0);
  sluice::go([numbers] { numbers.recv(); });
  use(1, &numbers);
}
