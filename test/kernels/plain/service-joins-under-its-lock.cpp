// stop() joins the worker under the lock that the worker takes in each round.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <mutex>
#include <thread>

class service {
public:
  void start() { worker_ = std::thread(&service::run, this); }
  void stop() {
#ifdef REPAIRED
    {
      std::lock_guard hold(mutex_);
      stopping_ = true;
    }
    worker_.join();
#else
    std::lock_guard hold(mutex_);
    stopping_ = true;
    worker_.join(); // sluice: blocking-under-lock
#endif
  }

private:
  void run() {
    for (;;) {
      std::lock_guard hold(mutex_);
      if (stopping_)
        return;
      ++rounds_;
    }
  }
  std::mutex mutex_;
  bool stopping_ = false;
  int rounds_ = 0;
  std::thread worker_;
};

int main() {
  service s;
  s.start();
  s.stop();
}
