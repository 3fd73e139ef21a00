// Two tasks that wait for each other's countdown are found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,deadlock' %s -- %flags | FileCheck %s
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>

void crossBad() {
  sluice::wait_group reader, writer;
  reader.add(1);
  writer.add(1);
  sluice::go("reader", [&] {
    writer.wait();
    reader.done();
  });
  reader.wait();
  writer.done();
}
// CHECK: warning: wait for '{{reader|writer}}' waits for ever: {{.*}} waits for this task in turn [sluice-deadlock]

// CHECK-NOT: warning:
void crossOk() {
  sluice::wait_group reader, writer;
  reader.add(1);
  writer.add(1);
  sluice::go("reader", [&] {
    writer.wait();
    reader.done();
  });
  writer.done();
  reader.wait();
}
// CHECK: sluice: 1 warning in 1 file
