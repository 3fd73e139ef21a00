// A lambda that GCC has put into another function has no name of its own, so it is named after the
// function that it stands in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: gcc
// RUN: %gxx %s -o %t
// RUN: sh -c '%t 2>%t.err; test $? = 23'
// RUN: FileCheck %s < %t.err
#include <sluice/sluice.hpp>

namespace {
struct client {
  void ask() {
    sluice::go([] {
      const auto send = [](sluice::chan<int> c) { c.send(1); };
      send(sluice::chan<int>());
    });
  }
};
} // namespace

int main() {
  sluice::run([] {
    client().ask();
    sluice::yield();
  });
}
// CHECK: ask, started at
// CHECK-NEXT: blocked in send
// CHECK-NEXT: #0 client::ask()::{lambda}::{lambda} {{.*}}.cpp:14
// CHECK-NEXT: #1 client::ask()::{lambda} {{.*}}.cpp:15
// CHECK-NEXT: on a chan<int>
