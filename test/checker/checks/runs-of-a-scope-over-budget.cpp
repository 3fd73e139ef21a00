// A scope that is too large to be explored is tried run by run; where everybody stands still for ever, that is a finding.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes --explain-verdict %s -- %flags -DBAD 2>&1 | FileCheck %s --check-prefix=BAD
// RUN: sluice check --no-fixes %s -- %flags 2>&1 | FileCheck %s
// RUN: sluice check --no-fixes --check-option sluice.StepsPerProbe=1 %s -- %flags -DBAD 2>&1 | FileCheck %s
// BAD: judged from 'main', {{[0-9]+}} states, not to the end
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

class Actor {
public:
  virtual ~Actor() { stop(); }
  void start() {
    thread = std::thread([this] { run(); });
  }
  void stop() {
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (stopping)
        return;
      stopping = true;
    }
#ifndef BAD
    changed.notify_all();
#endif
    thread.join();
  }
  void post(int message) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      inbox.push_back(message);
    }
    changed.notify_one();
  }

protected:
  virtual void handle(int message) = 0;

private:
  void run() {
    for (;;) {
      int message = 0;
      {
        std::unique_lock<std::mutex> lock(mutex);
        // BAD: possible: {{.*}}:[[@LINE+1]]:9: wait on 'changed' can block for ever: no notify comes after it
        changed.wait(lock, [this] { return stopping || !inbox.empty(); });
        if (inbox.empty())
          return;
        message = inbox.front();
        inbox.pop_front();
      }
      handle(message);
    }
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<int> inbox;
  bool stopping = false;
  std::thread thread;
};

struct Last : Actor {
  int sum = 0;
  void handle(int message) override { sum += message; }
};
struct Forwarder : Actor {
  Actor &to;
  explicit Forwarder(Actor &to) : to(to) {}
  void handle(int message) override { to.post(message + 1); }
};

int main() {
  Last last;
  Forwarder first(last);
  last.start();
  first.start();
  for (int i = 0; i < 10; ++i)
    first.post(i);
  first.stop();
  last.stop();
}
// CHECK: no warnings in 1 file; 2 conditions and locks: 0 reported, 0 verified,
// CHECK-NEXT: 2 without verdict (2 over budget)
