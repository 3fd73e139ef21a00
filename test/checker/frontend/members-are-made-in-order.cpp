// Constructors make members in order, with default initialisers, and bases share the object.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <mutex>

struct base {
  int id = 4;
};
struct account : base {
  account(int start) : balance(start) {}
  std::mutex mu;
  int balance;
  bool open = true;
};

void makesOk() {
  account a(1);
  a.mu.lock();
}

// CHECK: func [[BASE:[0-9]+]] {{.*}} "base::base" exclusive (%this)
// CHECK-NEXT: b0:
// CHECK-NEXT: store %this."base::id", 4
// CHECK: func [[MAKE:[0-9]+]] {{.*}} "account::account" exclusive (%this, %start)
// CHECK-NEXT: b0:
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[BASE]](%this)
// CHECK-NEXT: [[MU:%[0-9]+]] = make mutex name "mu" type "mutex" at 0:11:14
// CHECK-NEXT: store %this."account::mu", [[MU]]
// CHECK-NEXT: store %this."account::balance", %start
// CHECK-NEXT: store %this."account::open", 1
// CHECK: func {{.*}} "makesOk"
// CHECK: %a = new class
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[MAKE]](%a, 1)
// CHECK-NEXT: [[HELD:%[0-9]+]] = load %a."account::mu"
// CHECK-NEXT: lock [[HELD]] name "mu" at 0:18:3-18:7
