// stop() waits under the mutex for a worker that needs the mutex to finish.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

class watch_broadcasts {
public:
  watch_broadcasts() {
    sluice::go("coalescer", [this] { run(); });
  }

  void add() { updates_.send(1); }

  void stop() {
    std::unique_lock hold(mu_);
    updates_.close();
#ifdef REPAIRED
    hold.unlock();
#endif
    done_.recv(); // sluice: blocking-under-lock
  }

private:
  void run() {
    for (int update : updates_)
      coalesce(update);
    done_.close();
  }

  void coalesce(int update) {
    std::lock_guard hold(mu_);
    total_ += update;
  }

  sluice::mutex mu_;
  sluice::chan<int> updates_{1};
  sluice::chan<> done_;
  int total_ = 0;
};

int main() {
  sluice::run([] {
    watch_broadcasts all;
    all.add();
    sluice::chan<> stopped(1);
    sluice::go("stop", [&all, stopped] {
      all.stop();
      stopped.send({});
    });
#ifdef REPAIRED
    stopped.recv();
#else
    sluice::sleep_for(std::chrono::milliseconds(20));
#endif
  });
}
