// A range over a channel that nobody closes is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,starved-receive' %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/task.hpp>

bool chance();
void handle(int);

void consumeBad() {
  sluice::chan<int> jobs;
  sluice::go([=] {
    // CHECK: :[[@LINE+1]]:20: warning: receive from 'jobs' waits for ever [sluice-starved-receive]
    for (int job : jobs)
      handle(job);
  }); // CHECK: note: {{[0-9]+}}. the task waits for ever to receive from 'jobs'; nothing else can send to 'jobs' or close it
  jobs.send(1);
}

// CHECK-NOT: warning:
void consumeOk() {
  sluice::chan<int> jobs;
  sluice::go([=] {
    for (int job : jobs)
      handle(job);
  });
  jobs.send(1);
  jobs.close();
}
// CHECK: sluice: 1 warning in 1 file
