// Orders of tasks, of cases and of what is tried all come up, by either strategy.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'for seed in $(seq 60); do SLUICE_OPTIONS=explore=random:seed=$seed timeout 10 %t; done | sort -u > %t.random; for seed in $(seq 100); do SLUICE_OPTIONS=explore=pct:seed=$seed timeout 10 %t; done | sort -u > %t.pct'
// RUN: FileCheck --match-full-lines %s < %t.random
// RUN: FileCheck --match-full-lines %s < %t.pct
#include <sluice/sluice.hpp>

#include <cstdio>
#include <string>

int main() {
  sluice::run([] {
    std::string order;
    sluice::wait_group left;
    left.add(3);
    for (const char *name : {"a", "b", "c"})
      sluice::go([&, name] {
        order += name;
        left.done();
      });
    left.wait();

    sluice::chan<int> one(1), two(1);
    one.send(1);
    two.send(2);
    const int taken = sluice::select(sluice::on_recv(one), sluice::on_recv(two));

    sluice::chan<int> late(1);
    sluice::chan<> sent(1);
    sluice::go([=] {
      late.send(1);
      sent.send();
    });
    const bool there = late.try_recv().has_value();
    sent.recv();
    std::printf("order %s\ncase %d\ntry %d\n", order.c_str(), taken, there);
  });
}
// CHECK: case 0
// CHECK-NEXT: case 1
// CHECK-NEXT: order abc
// CHECK-NEXT: order acb
// CHECK-NEXT: order bac
// CHECK-NEXT: order bca
// CHECK-NEXT: order cab
// CHECK-NEXT: order cba
// CHECK-NEXT: try 0
// CHECK-NEXT: try 1
