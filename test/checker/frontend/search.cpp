// A send, a select with a timeout and the task between them, as the overview shows them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice-frontend %s -- %flags | FileCheck %s
#include <sluice/sluice.hpp>

struct result {
  int value;
};
result perform();

std::optional<result> search(std::chrono::milliseconds limit) {
  sluice::chan<result> results;
  sluice::go([=] { results.send(perform()); });
  std::optional<result> found;
  sluice::select(sluice::on_recv(results, found), sluice::on_recv(sluice::after(limit)));
  return found;
}

// CHECK: class {{.*}} "the task at line 13" { "()" = [[TASK:[0-9]+]] } at 0:13:14
// CHECK: func {{.*}} "perform" ()
// CHECK-NOT: {
// CHECK: func {{.*}} "search" (%limit)
// CHECK: %results = make chan 0 name "results" type "chan<result>" at 0:12:24-12:31
// CHECK-NEXT: [[CLOSURE:%[0-9]+]] = new class
// CHECK-NEXT: store [[CLOSURE]]."results", %results
// CHECK-NEXT: {{(%[0-9]+ = )?}}spawn [[CLOSURE]]() at 0:13:3
// CHECK-NEXT: %found = copy null
// CHECK-NEXT: [[TIMER:%[0-9]+]] = make timer
// CHECK-NEXT: timer_start [[TIMER]]
// CHECK-NEXT: [[TICK:%[0-9]+]] = timer_channel [[TIMER]]
// CHECK-NEXT: {{(%[0-9]+ = )?}}select { [[GOT:%[0-9]+]], _ = recv %results at 0:15:18{{.*}}; _, _ = recv [[TICK]] at 0:15:51{{.*}} } at 0:15:3
// CHECK: %found = copy [[GOT]]
// CHECK: return %found at 0:16:3
// CHECK: func [[TASK]] {{.*}} "the task at line 13" internal (%this)
// CHECK-NEXT: b0:
// CHECK-NEXT: [[CHANNEL:%[0-9]+]] = load %this."results"
// CHECK-NEXT: [[VALUE:%[0-9]+]] = call f {{[0-9]+}}()
// CHECK-NEXT: send [[CHANNEL]], [[VALUE]] at 0:13:20-13:27
