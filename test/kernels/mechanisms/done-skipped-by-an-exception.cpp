// A job that throws never counts the wait group down.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <cstdio>
#include <functional>
#include <stdexcept>
#include <utility>
#include <vector>

class pool {
public:
  void submit(std::function<void()> job) {
    pending_.add(1);
    sluice::go("job", [this, job = std::move(job)] {
      try {
#ifdef REPAIRED
        sluice::defer count([this] { pending_.done(); });
        job();
#else
        job();
        pending_.done();
#endif
      } catch (const std::exception &e) {
        std::puts(e.what());
      }
    });
  }

  void drain() {
    pending_.wait(); // sluice: wait-group-misuse
  }

private:
  sluice::wait_group pending_;
};

int main() {
  sluice::run([] {
    pool p;
    p.submit([] {});
    p.submit([] { throw std::runtime_error("job failed"); });
    p.drain();
  });
}
