// Scopes that are explored for locks taken twice do not hold the tasks that are started in them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <condition_variable>
#include <mutex>
#include <thread>

struct Job {
  virtual ~Job() = default;
  virtual void step() = 0;
  void run() { step(); }
};

struct Wait : Job {
  void step() override {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::thread other([&] {
      std::lock_guard<std::mutex> lock(mutex);
      done = true;
      changed.notify_all();
    });
    {
      std::unique_lock<std::mutex> lock(mutex);
      changed.wait(lock, [&] { return done; });
    }
    other.join();
  }
};
// CHECK: no warnings in 1 file; 2 conditions and locks: 0 reported, 2 verified
