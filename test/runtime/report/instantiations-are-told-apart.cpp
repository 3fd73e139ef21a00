// Two instantiations of a template leak at the same lines: two entries, each with its count.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'timeout 20 %t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
#include <sluice/sluice.hpp>

template <class T> static void leak() {
  for (int i = 0; i < 3; ++i) {
    sluice::chan<int> numbers;
    sluice::go("leak", [=] { numbers.send(sizeof(T)); });
  }
}

int main() {
  sluice::run([] {
    leak<char>();
    leak<double>();
  });
}
// CHECK: sluice: 6 tasks can never finish
// CHECK: leak (3 times), started
// CHECK: leak (3 times), started
// CHECK: SUMMARY: sluice: 6 leaked
