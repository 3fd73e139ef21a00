// A thread's handle that ends while it still names the thread; a future nobody keeps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-dangling-capture' %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

void work();
bool small();

void earlyReturnBad() {
  // CHECK: :[[@LINE+1]]:15: warning: thread 'worker' can be neither joined nor detached when its handle ends, which ends the program [sluice-unjoined-task]
  std::thread worker(work);
  if (small())
    return;
  worker.join();
}

// CHECK: note: 3. 'earlyReturnBad' lets the handle go, neither joined nor detached

void earlyReturnOk() {
  std::thread worker(work);
  if (small()) {
    worker.detach();
    return;
  }
  worker.join();
}

void neverBad() {
  // CHECK: :[[@LINE+1]]:15: warning: thread 'forgotten' is neither joined nor detached when its handle ends
  std::thread forgotten(work);
}

void askedOk() {
  std::thread worker(work);
  if (worker.joinable())
    worker.join();
}

class holder {
public:
  holder() : thread_([] { work(); }) {}
  ~holder() { thread_.join(); }

private:
  std::thread thread_;
};

void memberOk() { holder h; }

class careless {
public:
  // CHECK: :[[@LINE+1]]:16: warning: thread 'thread_' is neither joined nor detached
  careless() : thread_([] { work(); }) {}

private:
  std::thread thread_;
};

void memberBad() { careless c; }

void vectorOk() {
  std::vector<std::thread> all;
  for (int i = 0; i < 2; ++i)
    all.emplace_back(work);
  for (auto &each : all)
    each.join();
}

void vectorBad() {
  std::vector<std::thread> all;
  for (int i = 0; i < 2; ++i)
    // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: thread {{.*}}is neither joined nor detached
    all.emplace_back(work);
  all.front().join();
}

void movedOk() {
  std::thread first(work);
  std::thread second = std::move(first);
  second.join();
}

void assignedBad() {
  // CHECK: :[[@LINE+1]]:{{[0-9]+}}: warning: thread 'worker' is neither joined nor detached
  std::thread worker(work);
  worker = std::thread(work);
  worker.join();
}

void throwsBad() {
  // CHECK: :[[@LINE+1]]:15: warning: thread 'worker' can be neither joined nor detached
  std::thread worker(work);
  if (small())
    throw 1;
  worker.join();
}

void temporaryOk() {
  std::thread(work).detach();
  std::thread(work).join();
}

std::thread handedOnOk() {
  std::thread worker(work);
  return worker;
}

void discardedBad() {
  // CHECK: :[[@LINE+1]]:3: warning: the future of this task is thrown away, and its end waits for the task: nothing runs at the same time [sluice-unjoined-task]
  std::async(std::launch::async, work);
}

void keptOk() {
  auto later = std::async(std::launch::async, work);
  work();
  later.get();
}
