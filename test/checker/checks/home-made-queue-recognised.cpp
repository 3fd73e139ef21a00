// A queue of a lock, conditions and a container is a channel without a word from the user.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check %s -- %flags | FileCheck %s
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

template <class T> class inbox {
public:
  void put(T v) {
    std::lock_guard<std::mutex> lock(m);
    items.push_back(std::move(v));
    filled.notify_one();
  }
  std::optional<T> take() {
    std::unique_lock<std::mutex> lock(m);
    filled.wait(lock, [this] { return !items.empty() || closed; });
    if (items.empty())
      return std::nullopt;
    T v = std::move(items.front());
    items.pop_front();
    return v;
  }
  void finish() {
    std::lock_guard<std::mutex> lock(m);
    closed = true;
    filled.notify_all();
  }

private:
  std::mutex m;
  std::condition_variable filled;
  std::deque<T> items;
  bool closed = false;
};

void handle(int);

void neverFinishedBad() {
  inbox<int> q;
  // CHECK: :[[@LINE+2]]:23: warning: receive from 'q' waits for ever [sluice-starved-receive]
  std::thread worker([&] {
    while (auto got = q.take())
      handle(*got);
  });
  q.put(1);
  worker.join();
}

// CHECK-NOT: warning:
void finishedOk() {
  inbox<int> q;
  std::thread worker([&] {
    while (auto got = q.take())
      handle(*got);
  });
  q.put(1);
  q.finish();
  worker.join();
}
// CHECK: sluice: 1 warning in 1 file; 2 channels: 1 reported, 1 verified, 0 without verdict
