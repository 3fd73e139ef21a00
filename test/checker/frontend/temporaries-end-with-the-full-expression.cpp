// A temporary ends with its full expression, one that was made on one way only if it was made.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
struct token {
  int *count;
  ~token() { --*count; }
  bool valid() const;
};
token make(int *);

int temporariesOk(int *c, bool flag) {
  int found = 0;
  if (flag && make(c).valid())
    found = 1;
  const token &kept = make(c);
  return kept.valid() ? found : 2;
}

// CHECK: func [[END:[0-9]+]] {{.*}} "token::~token"
// CHECK: func [[VALID:[0-9]+]] {{.*}} "token::valid"
// CHECK: func [[MAKE:[0-9]+]] {{.*}} "make"
// CHECK: func {{.*}} "temporariesOk"
// CHECK-NEXT: b0:
// CHECK-NEXT: [[ACTIVE:%[0-9]+]] = copy 0
// CHECK: [[MADE:%[0-9]+]] = call f [[MAKE]](%c)
// CHECK-NEXT: [[ACTIVE]] = copy 1
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[VALID]]([[MADE]])
// CHECK: branch [[ACTIVE]], [[ENDS:b[0-9]+]],
// CHECK-NEXT: [[ENDS]]:
// CHECK-NEXT: [[ACTIVE]] = copy 0
// CHECK-NEXT: {{(%[0-9]+ = )?}}call f [[END]]([[MADE]])
// CHECK: %kept = call f [[MAKE]]
// CHECK: {{(%[0-9]+ = )?}}call f [[VALID]](%kept)
// CHECK: {{(%[0-9]+ = )?}}call f [[END]](%kept)
// CHECK-NEXT: return
