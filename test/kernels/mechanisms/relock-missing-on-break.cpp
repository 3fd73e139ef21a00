// A loop gives its lock up around the slow part and takes it again, but not where it leaves.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>
#include <vector>

class queue {
public:
  void add(int v) {
    std::lock_guard hold(mu_);
    items_.push_back(v);
    changed_.notify_one();
  }

  void close() {
    mu_.lock(); // sluice: double-lock
    closed_ = true;
    changed_.notify_all();
    mu_.unlock();
  }

  void work() {
    mu_.lock();
    while (!closed_) {
      if (items_.empty()) {
        mu_.unlock();
        sluice::yield();
        mu_.lock();
        continue;
      }
      int item = items_.back();
      items_.pop_back();
      if (item < 0) {
#ifdef REPAIRED
        mu_.unlock();
#endif
        return;
      }
    }
    mu_.unlock();
  }

private:
  sluice::mutex mu_;
  sluice::condition_variable changed_;
  std::vector<int> items_;
  bool closed_ = false;
};

int main() {
  sluice::run([] {
    queue q;
    q.add(-1);
    q.work();
    q.close();
  });
}
