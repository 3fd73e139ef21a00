// A worker that fails shuts its group down from inside, and shutdown waits for all workers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <vector>

bool work(int i);

class group {
public:
  void start(int n) {
    all_.add(n);
    for (int i = 0; i < n; ++i)
      sluice::go("worker", [this, i] {
        if (!work(i))
          shutdown();
        all_.done();
      });
  }
  void shutdown() {
    if (!closed_.exchange(true))
      quit_.close();
#ifndef REPAIRED
    all_.wait(); // sluice: deadlock
#endif
  }
  void wait() {
    all_.wait(); // sluice: deadlock
  }

private:
  sluice::wait_group all_;
  sluice::chan<> quit_;
  std::atomic<bool> closed_{false};
};

int main() {
  sluice::run([] {
    group g;
    g.start(2);
    g.wait();
  });
}
