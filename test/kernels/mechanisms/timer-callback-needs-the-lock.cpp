// stop() waits under the lock for a timer's callback, which takes that lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

class debouncer {
public:
  void touch() {
    std::lock_guard hold(mu_);
    pending_ = true;
    timer_ = std::make_unique<sluice::timer>(sluice::after_func(std::chrono::milliseconds(1), [this] { fire(); }));
  }
  void flush() {
    std::unique_lock hold(mu_);
    if (!timer_ || timer_->stop())
      return;
#ifdef REPAIRED
    hold.unlock();
#endif
    fired_.recv(); // sluice: blocking-under-lock
  }

private:
  void fire() {
    std::lock_guard hold(mu_); // sluice: blocking-under-lock
    pending_ = false;
    fired_.close();
  }
  sluice::mutex mu_;
  bool pending_ = false;
  std::unique_ptr<sluice::timer> timer_;
  sluice::chan<> fired_;
};

int main() {
  sluice::run([] {
    debouncer d;
    d.touch();
    sluice::sleep_for(std::chrono::milliseconds(2));
    d.flush();
  });
}
