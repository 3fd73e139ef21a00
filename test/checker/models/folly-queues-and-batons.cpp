// folly's blocking queue, batons and shared mutexes are understood.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs 2>&1 | FileCheck %s --implicit-check-not=warning:
#include "folly.h"
#include <iostream>
#include <mutex>
#include <shared_mutex>
#include <thread>

void pillOk() {
  folly::MPMCQueue<int> jobs(2);
  std::thread worker([&] {
    for (int job = 0;;) {
      jobs.blockingRead(job);
      if (job < 0)
        return;
      std::cout << job;
    }
  });
  jobs.blockingWrite(1);
  jobs.blockingWrite(-1);
  worker.join();
}

void noPillBad() {
  folly::MPMCQueue<int> jobs(2);
  std::thread worker([&] {
    for (int job = 0;;) {
      // CHECK: :[[@LINE+1]]:7: warning: receive from 'jobs' waits for ever [sluice-starved-receive]
      jobs.blockingRead(job);
      if (job < 0)
        return;
      std::cout << job;
    }
  });
  jobs.blockingWrite(1);
  worker.join();
}

void dropsOk() {
  folly::MPMCQueue<int> jobs(1);
  jobs.write(1);
  jobs.write(2);
}

void postedTwiceOk() {
  folly::Baton<> done;
  std::thread worker([&] { done.post(); });
  done.wait();
  done.wait();
  worker.join();
}

void resetBad() {
  folly::Baton<> done;
  done.post();
  done.wait();
  done.reset();
  // CHECK: :[[@LINE+1]]:3: warning: wait for 'done' {{.*}}[sluice-unfulfilled-wait]
  done.wait();
}

void readersOk() {
  folly::SharedMutex m;
  std::thread other([&] { std::shared_lock<folly::SharedMutex> lock(m); });
  {
    std::shared_lock<folly::SharedMutex> lock(m);
  }
  other.join();
}

void batonUnderLockBad() {
  folly::SharedMutex m;
  folly::Baton<> done;
  std::thread other([&] {
    std::unique_lock<folly::SharedMutex> lock(m);
    done.post();
  });
  {
    std::unique_lock<folly::SharedMutex> lock(m);
    // CHECK: :[[@LINE+1]]:5: warning: {{.*}}'m'{{.*}}[sluice-blocking-under-lock]
    done.wait();
  }
  other.join();
}
// CHECK: {{[^0-9]}}0 without verdict
