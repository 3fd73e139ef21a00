// Producers and consumers share one condition variable, and a single notification wakes the wrong kind.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>

class slot {
public:
  void put(int v) {
    std::unique_lock hold(mu_);
    changed_.wait(hold, [this] { return !full_; }); // sluice: lost-notify
    value_ = v;
    full_ = true;
    wake();
  }

  int take() {
    std::unique_lock hold(mu_);
    changed_.wait(hold, [this] { return full_; }); // sluice: lost-notify
    full_ = false;
    wake();
    return value_;
  }

private:
  void wake() {
#ifdef REPAIRED
    changed_.notify_all();
#else
    changed_.notify_one();
#endif
  }

  sluice::mutex mu_;
  sluice::condition_variable changed_;
  int value_ = 0;
  bool full_ = false;
};

int main() {
  sluice::run([] {
    slot s;
    sluice::wait_group all;
    all.add(4);
    for (int i = 0; i < 2; ++i) {
      sluice::go("put", [&] {
        s.put(1);
        all.done();
      });
      sluice::go("take", [&] {
        s.take();
        all.done();
      });
    }
    all.wait(); // sluice: lost-notify
  });
}
