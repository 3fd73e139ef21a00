// Closing a queue marks it closed but wakes one of its consumers only.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

template <class T> class blocking_queue {
public:
  virtual ~blocking_queue() = default;

  void push(T v) {
    std::unique_lock l(mu_);
    items_.push_back(std::move(v));
    ready_.notify_one();
  }

  virtual std::optional<T> pop() {
    std::unique_lock l(mu_);
    while (items_.empty() && !closed_)
      ready_.wait(l); // sluice: lost-notify
    if (items_.empty())
      return std::nullopt;
    T v = std::move(items_.front());
    items_.pop_front();
    return v;
  }

  void close() {
    std::unique_lock l(mu_);
    closed_ = true;
#ifdef REPAIRED
    ready_.notify_all();
#else
    ready_.notify_one();
#endif
  }

private:
  sluice::mutex mu_;
  sluice::condition_variable ready_;
  std::deque<T> items_;
  bool closed_ = false;
};

class counted_queue : public blocking_queue<int> {
public:
  std::optional<int> pop() override {
    auto v = blocking_queue<int>::pop();
    if (v)
      ++popped_;
    return v;
  }

private:
  std::atomic<int> popped_{0};
};

int main() {
  sluice::run([] {
    std::unique_ptr<blocking_queue<int>> q = std::make_unique<counted_queue>();
    sluice::wait_group consumers;
    for (int i = 0; i < 2; ++i) {
      consumers.add(1);
      sluice::go("consumer", [&] {
        while (q->pop())
          ;
        consumers.done();
      });
    }
    q->push(1);
    q->close();
    consumers.wait(); // sluice: lost-notify
  });
}
