// The consumer pops under the lock that the producer takes before it pushes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

class Inbox {
public:
  void push(int v) {
    std::lock_guard<std::mutex> lock(mutex_);
    items_.push_back(v);
    some_.notify_one();
  }
  int pop() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (items_.empty())
      some_.wait(lock);
    int v = items_.front();
    items_.pop_front();
    return v;
  }

private:
  std::mutex mutex_;
  std::condition_variable some_;
  std::list<int> items_;
};

class Session {
public:
  void read() {
#ifdef REPAIRED
    int v = inbox_.pop();
    std::lock_guard<std::mutex> lock(state_);
    last_ = v;
#else
    std::lock_guard<std::mutex> lock(state_);
    last_ = inbox_.pop(); // sluice: blocking-under-lock
#endif
  }
  void deliver(int v) {
    std::lock_guard<std::mutex> lock(state_);
    inbox_.push(v);
  }

private:
  std::mutex state_;
  Inbox inbox_;
  int last_ = 0;
};

int main() {
  Session s;
  std::thread reader([&] { s.read(); });
  s.deliver(1);
  reader.join();
}
