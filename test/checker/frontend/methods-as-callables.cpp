// A method passed by pointer is a function that takes the object first; virtual ones dispatch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <thread>

struct worker {
  void loop() {}
  virtual void turn() {}
};

void startsOk(worker *w) {
  std::thread a(&worker::loop, w);
  std::thread b(&worker::turn, w);
  a.join();
  b.join();
}

// CHECK: func [[LOOP:[0-9]+]] {{.*}} "worker::loop" (%this)
// CHECK: func [[TURN:[0-9]+]] "dispatch {{.*}} "worker::turn" internal (%this)
// CHECK-NEXT: b0:
// CHECK-NEXT: %{{[0-9]+}} = call_slot %this."turn()"() virtual
// CHECK: func {{.*}} "startsOk"
// CHECK: %a = spawn f [[LOOP]](%w) thread
// CHECK: %b = spawn f [[TURN]](%w) thread
