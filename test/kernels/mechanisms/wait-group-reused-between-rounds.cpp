// A round's workers are counted by the workers themselves, so the coordinator may find nothing to
// wait for.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <vector>

class round {
public:
  explicit round(int n) : results_(n) {}

  int run(int workers) {
    for (int i = 0; i < workers; ++i) {
#ifdef REPAIRED
      pending_.add(1);
#endif
      sluice::go("worker", [this, i] { work(i); });
    }
    pending_.wait();
    results_.close();
    int sum = 0;
    for (int v : results_)
      sum += v;
    return sum;
  }

private:
  void work(int i) {
#ifndef REPAIRED
    pending_.add(1);
#endif
    results_.send(i); // sluice: closed-channel
    pending_.done();
  }

  sluice::wait_group pending_;
  sluice::chan<int> results_;
};

int main() {
  sluice::run([] {
    auto r = std::make_unique<round>(2);
    int sum = r->run(2);
    sluice::sleep_for(std::chrono::milliseconds(5));
    return sum;
  });
}
