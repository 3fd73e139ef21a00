// A wait with a limit comes back, so a loop of such waits is no leak while its flag can change.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <sluice/sluice.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

void polledOk() {
  std::atomic<bool> stop = false;
  std::mutex m;
  std::condition_variable changed;
  std::thread worker([&] {
    while (!stop) {
      std::unique_lock lock(m);
      changed.wait_for(lock, 10ms);
    }
  });
  stop = true;
  worker.join();
}

void untimedBad() {
  std::atomic<bool> stop = false;
  std::mutex m;
  std::condition_variable changed;
  std::thread worker([&] {
    while (!stop) {
      std::unique_lock lock(m);
      // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lost-notify]
      changed.wait(lock);
    }
  });
  stop = true;
  worker.join();
}

void receiveOk() {
  sluice::chan<int> jobs(0);
  std::atomic<bool> stop = false;
  sluice::task_group tasks;
  tasks.go([&, jobs] {
    while (!stop)
      jobs.recv_for(10ms);
  });
  stop = true;
  tasks.wait();
}

void timedLockOk() {
  std::timed_mutex m;
  std::lock_guard lock(m);
  if (m.try_lock_for(10ms))
    m.unlock();
}
