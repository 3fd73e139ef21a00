// The flag is set without the lock, between the waiter's look at it and its wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

class gate {
public:
  void open() {
#ifdef REPAIRED
    {
      std::lock_guard hold(mutex_);
      open_ = true;
    }
#else
    open_ = true;
#endif
    opened_.notify_all();
  }
  void pass() {
    std::unique_lock hold(mutex_);
    opened_.wait(hold, [this] { return open_.load(); }); // sluice: lost-notify
  }

private:
  std::mutex mutex_;
  std::condition_variable opened_;
  std::atomic<bool> open_{false};
};

int main() {
  gate g;
  std::thread walker([&] { g.pass(); });
  g.open();
  walker.join(); // sluice: lost-notify
}
