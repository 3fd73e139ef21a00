// A subject calls its observers with the lock held; one observer unsubscribes in its callback.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

class subject {
public:
  void subscribe(std::function<void(int)> f) {
    std::lock_guard hold(mutex_);
    observers_.push_back(std::move(f));
  }
  void unsubscribe_all() {
    std::lock_guard hold(mutex_); // sluice: double-lock
    observers_.clear();
  }
  void publish(int value) {
#ifdef REPAIRED
    std::vector<std::function<void(int)>> now;
    {
      std::lock_guard hold(mutex_);
      now = observers_;
    }
    for (auto &f : now)
      f(value);
#else
    std::lock_guard hold(mutex_);
    for (auto &f : observers_)
      f(value);
#endif
  }

private:
  std::mutex mutex_;
  std::vector<std::function<void(int)>> observers_;
};

int main() {
  subject s;
  int seen = 0;
  s.subscribe([&](int v) {
    seen = v;
    s.unsubscribe_all();
  });
  s.publish(1);
  return seen != 1;
}
