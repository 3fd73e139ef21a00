// A virtual call dispatches on the object's class; one on an object of known type does not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
struct job {
  virtual void run() = 0;
  virtual ~job() = default;
};
struct print : job {
  void run() override {}
};

void callsOk(job &unknown) {
  print known;
  known.run();
  unknown.run();
}

// CHECK: class {{.*}} "print" { "run()" = [[METHOD:[0-9]+]] "~()" = {{[0-9]+}} }
// CHECK: func [[METHOD]] {{.*}} "print::run" (%this)
// CHECK: func {{.*}} "callsOk"
// CHECK: {{(%[0-9]+ = )?}}call f [[METHOD]](%known)
// CHECK: {{(%[0-9]+ = )?}}call_slot %unknown."run()"() virtual
