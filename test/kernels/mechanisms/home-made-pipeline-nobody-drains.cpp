// Two stages with queues between them: the last stage leaves early and the bounded queue stays full.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

class Stage {
public:
  explicit Stage(std::size_t limit) : limit_(limit) {}
  bool put(int v) {
    std::unique_lock<std::mutex> lock(mutex_);
    space_.wait(lock, [this] { return closed_ || items_.size() < limit_; });
    if (closed_)
      return false;
    items_.push_back(v);
    lock.unlock();
    some_.notify_one();
    return true;
  }
  std::optional<int> take() {
    std::unique_lock<std::mutex> lock(mutex_);
    some_.wait(lock, [this] { return closed_ || !items_.empty(); });
    if (items_.empty())
      return std::nullopt;
    int v = items_.front();
    items_.pop_front();
    lock.unlock();
    space_.notify_one();
    return v;
  }
  void close() {
    std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    some_.notify_all();
    space_.notify_all();
  }

private:
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable some_, space_;
  std::deque<int> items_;
  bool closed_ = false;
};

int main() {
  Stage raw(2), cooked(1);
  std::thread cook([&] {
    while (std::optional<int> v = raw.take())
#ifdef REPAIRED
      if (!cooked.put(*v))
        break;
#else
      cooked.put(*v); // sluice: unreceived-send
#endif
  });
  std::thread eater([&] {
    cooked.take();
#ifdef REPAIRED
    cooked.close();
#endif
  });
  for (int i = 1; i <= 3; ++i)
    raw.put(i);
  raw.close();
  eater.join();
  cook.join();
}
