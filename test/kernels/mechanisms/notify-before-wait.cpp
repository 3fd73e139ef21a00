// The flag is set and notified without the lock, between the waiter's look and its wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <atomic>
#include <mutex>

class gate {
public:
  void open() {
#ifdef REPAIRED
    std::lock_guard hold(mu_);
#endif
    open_ = true;
    changed_.notify_all();
  }

  void pass() {
    std::unique_lock hold(mu_);
    while (!open_)
      changed_.wait(hold); // sluice: lost-notify
  }

private:
  sluice::mutex mu_;
  sluice::condition_variable changed_;
  std::atomic<bool> open_{false};
};

int main() {
  sluice::run([] {
    gate g;
    sluice::go("opener", [&] { g.open(); });
    g.pass();
  });
}
