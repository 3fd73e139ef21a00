// Break, continue, return and goto end exactly the scopes that they leave.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
struct guard {
  int *count;
  ~guard() { --*count; }
};

int exitsOk(int *c, int n) {
  guard outer{c};
  while (n) {
    guard inner{c};
    if (n == 1)
      continue;
    if (n == 2)
      break;
    if (n == 3)
      return 5;
    if (n == 4)
      goto out;
    n = 9;
  }
out:
  return 6;
}

guard namedResultOk(int *c) {
  guard result{c};
  return result;
}

// CHECK: func [[END:[0-9]+]] {{.*}} "guard::~guard"
// CHECK: func {{.*}} "exitsOk"
// CHECK: eq %n, 1
// CHECK: {{(%[0-9]+ = )?}}call f [[END]](%inner)
// CHECK-NEXT: jump [[HEAD:b[0-9]+]]
// CHECK: eq %n, 2
// CHECK: {{(%[0-9]+ = )?}}call f [[END]](%inner)
// CHECK-NEXT: jump [[AFTER:b[0-9]+]]
// CHECK: [[AFTER]]:
// CHECK-NOT: %inner
// CHECK: {{(%[0-9]+ = )?}}call f [[END]](%outer)
// CHECK-NEXT: return 6
// CHECK: eq %n, 3
// CHECK: {{(%[0-9]+ = )?}}call f [[END]](%inner)
// CHECK-NEXT: {{%[0-9]+ = }}call f [[END]](%outer)
// CHECK-NEXT: return 5
// CHECK: eq %n, 4
// CHECK: {{(%[0-9]+ = )?}}call f [[END]](%inner)
// CHECK-NEXT: jump {{b[0-9]+}} at 0:20:7
// CHECK: func {{.*}} "namedResultOk"
// CHECK-NOT: call
// CHECK: return %result
