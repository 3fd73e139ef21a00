// A getter takes the shared lock and calls another getter, while a reload waits for the exclusive one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>
#include <shared_mutex>

class config {
public:
  int timeout() {
    std::shared_lock hold(mu_);
#ifdef REPAIRED
    return retries_ * base_;
#else
    return retries_ * base();
#endif
  }
  int base() {
    std::shared_lock hold(mu_); // sluice: double-lock
    return base_;
  }
  void reload(int base) {
    std::unique_lock hold(mu_); // sluice: double-lock
    base_ = base;
  }

private:
  sluice::shared_mutex mu_;
  int retries_ = 3;
  int base_ = 10;
};

int main() {
  sluice::run([] {
    config c;
    sluice::wait_group done;
    done.add(1);
    sluice::go("reload", [&] {
      c.reload(20);
      done.done();
    });
    c.timeout();
    c.base();
    done.wait();
  });
}
