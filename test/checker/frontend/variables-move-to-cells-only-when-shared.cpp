// A variable is a register unless its address is taken or it is captured by reference.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
void take(int &);

int sharedOk() {
  int kept = 1;
  int shared = 2;
  int alias_target = 3;
  int &alias = alias_target;
  take(shared);
  alias += kept;
  auto by_reference = [&shared] { ++shared; };
  by_reference();
  return alias_target;
}

// CHECK: func {{.*}} "sharedOk" ()
// CHECK-NEXT: b0:
// CHECK-NEXT: %kept = copy 1
// CHECK-NEXT: %shared = new class [[CELL:[0-9]+]]
// CHECK-NEXT: store %shared."*", 2
// CHECK-NEXT: %alias_target = copy 3
// CHECK-NEXT: [[PLACE:%[0-9]+]] = addr %shared."*"
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f {{[0-9]+}}([[PLACE]])
// CHECK-NEXT: [[SUM:%[0-9]+]] = add %alias_target, %kept
// CHECK-NEXT: %alias_target = copy [[SUM]]
// CHECK-NEXT: [[AGAIN:%[0-9]+]] = addr %shared."*"
// CHECK-NEXT: %by_reference = new class
// CHECK-NEXT: store %by_reference."shared", [[AGAIN]]
// CHECK: return %alias_target
