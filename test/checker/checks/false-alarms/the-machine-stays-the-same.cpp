// How many processors there are is not known, and is the same whenever it is asked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

static unsigned atLeastOne() {
  if (std::thread::hardware_concurrency() > 0)
    return std::thread::hardware_concurrency();
  return 1;
}

class Pool {
public:
  explicit Pool(unsigned count) {
    for (unsigned i = 0; i < count; ++i)
      workers.emplace_back([this] {
        std::lock_guard<std::mutex> hold(door);
        ready = true;
        isReady.notify_all();
      });
  }
  ~Pool() {
    for (std::thread &worker : workers)
      worker.join();
  }
  void wait() {
    std::unique_lock<std::mutex> hold(door);
    isReady.wait(hold, [this] { return ready; });
  }
  // CHECK: [[@LINE-2]]:{{[0-9]+}}: warning: wait on 'isReady' can block for ever
  // CHECK: note: {{[0-9]+}}. 'noWorkersBad' waits for ever

private:
  std::mutex door;
  std::condition_variable isReady;
  bool ready = false;
  std::vector<std::thread> workers;
};

void someWorkersOk() {
  Pool pool(atLeastOne());
  pool.wait();
}

void noWorkersBad() {
  Pool pool(std::thread::hardware_concurrency());
  pool.wait();
}
