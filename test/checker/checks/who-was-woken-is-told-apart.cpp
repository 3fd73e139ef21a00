// Who was woken and wants its lock again, and who waits for another object of the class, stand at one place.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <condition_variable>
#include <mutex>
#include <thread>

class Worker {
public:
  void start() {
    thread = std::thread([this] { run(); });
  }
  void stop() {
    std::lock_guard<std::mutex> lock(mutex);
    stopping = true;
    changed.notify_all();
    // CHECK: :[[@LINE+1]]:5: warning: join under 'mutex' can block for ever: the task at line 11 needs 'mutex' first
    thread.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [this] { return stopping; });
  }
  std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  std::thread thread;
};

int main() {
  Worker one, other;
  one.start();
  other.start();
  other.stop();
  one.stop();
}
