// A plugin that is never activated leaves its waiter in the condition, and main on the waiter.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <shared_mutex>

class plugin {
public:
  void wait_active() {
    std::unique_lock hold(mu_);
    while (!active_)
      activated_.wait(hold); // sluice: lost-notify
  }

  void activate() {
    std::lock_guard hold(mu_);
    active_ = true;
    activated_.notify_all();
  }

private:
  sluice::mutex mu_;
  sluice::condition_variable activated_;
  bool active_ = false;
};

class plugins {
public:
  void add(std::shared_ptr<plugin> p) {
    std::lock_guard hold(mu_);
    only_ = std::move(p);
  }

  std::shared_ptr<plugin> get() {
    std::shared_lock hold(mu_);
    return only_;
  }

  void handle() {
    std::shared_lock hold(mu_);
#ifdef REPAIRED
    if (only_)
      only_->activate();
#endif
  }

private:
  sluice::shared_mutex mu_;
  std::shared_ptr<plugin> only_;
};

int main() {
  sluice::run([] {
    plugins all;
    all.add(std::make_shared<plugin>());
    sluice::chan<> done;
    sluice::go("waiter", [&all, done] {
      all.get()->wait_active();
      done.close();
    });
    all.handle();
    done.recv();
  });
}
