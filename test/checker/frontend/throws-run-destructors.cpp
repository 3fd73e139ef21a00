// A throw runs the destructors of the live locals, newest first, and goes on to the handler.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
struct guard {
  int *count;
  ~guard() { --*count; }
};
void fail() { throw 1; }
void calm() {}

int handledOk(int *a, int *b) {
  try {
    guard first{a};
    calm();
    guard second{b};
    fail();
  } catch (...) {
    return 7;
  }
  return 0;
}

void passedOnOk(int *a) {
  guard only{a};
  fail();
}

// CHECK: func [[END:[0-9]+]] {{.*}} "guard::~guard" exclusive (%this)
// CHECK: func [[FAIL:[0-9]+]] {{.*}} "fail" ()
// CHECK: func [[CALM:[0-9]+]] {{.*}} "calm" ()
// CHECK: func {{.*}} "handledOk"
// CHECK: {{(%[0-9]+ = )?}}call f [[CALM]]() at
// CHECK: {{(%[0-9]+ = )?}}call f [[FAIL]]() unwind [[LANDING:b[0-9]+]]
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[END]](%second)
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[END]](%first)
// CHECK-NEXT: return 0
// CHECK: [[LANDING]]:
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[END]](%second)
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[END]](%first)
// CHECK-NEXT: return 7
// CHECK: func {{.*}} "passedOnOk"
// CHECK: {{(%[0-9]+ = )?}}call f [[FAIL]]() unwind [[OUT:b[0-9]+]]
// CHECK: [[OUT]]:
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[END]](%only)
// CHECK-NEXT: throw opaque
