// A send under a lock that the receiver needs first is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,blocking-under-lock' %s -- %flags | FileCheck %s
#include <sluice/chan.hpp>
#include <sluice/mutex.hpp>
#include <sluice/task.hpp>
#include <sluice/wait_group.hpp>
#include <mutex>

bool chance();
void handle(int);

void sendBad() {
  sluice::mutex mu;
  sluice::chan<int> c;
  sluice::wait_group group;
  group.add(1);
  sluice::go([&] {
    {
      std::lock_guard lock(mu);
    }
    c.recv();
    group.done();
  });
  {
    std::lock_guard lock(mu);
    // CHECK: :[[@LINE+1]]:5: warning: send on 'c' under 'mu' can block for ever: the task needs 'mu' first [sluice-blocking-under-lock]
    c.send(1);
  }
  group.wait();
}

// CHECK-NOT: warning:
void sendOk() {
  sluice::mutex mu;
  sluice::chan<int> c;
  sluice::wait_group group;
  group.add(1);
  sluice::go([&] {
    {
      std::lock_guard lock(mu);
    }
    c.recv();
    group.done();
  });
  {
    std::lock_guard lock(mu);
  }
  c.send(1);
  group.wait();
}
// CHECK: sluice: 1 warning in 1 file
