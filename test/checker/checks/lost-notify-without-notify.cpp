// A condition wait that nothing notifies is found.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,lost-notify' %s -- %flags | FileCheck %s
#include <sluice/mutex.hpp>
#include <sluice/task.hpp>
#include <sluice/condition_variable.hpp>
#include <mutex>

bool chance();
void handle(int);

void waitBad() {
  sluice::mutex mu;
  sluice::condition_variable ready;
  std::unique_lock lock(mu);
  // CHECK: :[[@LINE+1]]:3: warning: wait on 'ready' blocks for ever: no notify comes after it [sluice-lost-notify]
  ready.wait(lock);
}

// CHECK-NOT: warning:
void waitOk() {
  sluice::mutex mu;
  sluice::condition_variable ready;
  bool set = false;
  sluice::go([&] {
    std::lock_guard lock(mu);
    set = true;
    ready.notify_all();
  });
  std::unique_lock lock(mu);
  ready.wait(lock, [&] { return set; });
}
// CHECK: sluice: 1 warning in 1 file
