// A task that looks at an object from outside may be stopped by who has it, so who joins the task may go on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

class Service {
public:
  void serveOk() {
    std::thread server([this] {
      while (!stopped)
        std::this_thread::yield();
    });
    server.join();
  }
  void waitOk() {
    std::thread server([this] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return stopped.load(); });
    });
    server.join();
  }
  void stop() {
    {
      std::lock_guard lock(mutex);
      stopped = true;
    }
    changed.notify_all();
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> stopped = false;
};

void nobodyStopsBad() {
  std::atomic<bool> stopped = false;
  std::thread server([&] {
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-missing-cancellation]
    while (!stopped)
      std::this_thread::yield();
  });
  server.join();
}

void nobodyWakesBad() {
  std::mutex mutex;
  std::condition_variable changed;
  bool stopped = false;
  std::thread server([&] {
    std::unique_lock lock(mutex);
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lost-notify]
    changed.wait(lock, [&] { return stopped; });
  });
  server.join();
}
