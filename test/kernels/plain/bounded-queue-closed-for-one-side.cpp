// Closing a bounded queue wakes who waits for items, but not who waits for room.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

template <typename T> class bounded_queue {
public:
  explicit bounded_queue(std::size_t most) : most_(most) {}
  bool push(T value) {
    std::unique_lock hold(mutex_);
    room_.wait(hold, [this] { return closed_ || items_.size() < most_; }); // sluice: lost-notify
    if (closed_)
      return false;
    items_.push_back(std::move(value));
    filled_.notify_one();
    return true;
  }
  std::optional<T> pop() {
    std::unique_lock hold(mutex_);
    filled_.wait(hold, [this] { return closed_ || !items_.empty(); });
    if (items_.empty())
      return std::nullopt;
    T value = std::move(items_.front());
    items_.pop_front();
    room_.notify_one();
    return value;
  }
  void close() {
    {
      std::lock_guard hold(mutex_);
      closed_ = true;
    }
    filled_.notify_all();
#ifdef REPAIRED
    room_.notify_all();
#endif
  }

private:
  const std::size_t most_;
  std::mutex mutex_;
  std::condition_variable filled_, room_;
  std::deque<T> items_;
  bool closed_ = false;
};

int main() {
  bounded_queue<int> jobs(1);
  std::thread producer([&] {
    jobs.push(1);
    jobs.push(2);
  });
  jobs.close();
  producer.join(); // sluice: lost-notify
}
