// A reader takes its read lock again in a helper, behind a writer that waits.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <mutex>
#include <shared_mutex>

class table {
public:
  int total() {
    std::shared_lock hold(mu_);
#ifdef REPAIRED
    return rows_ * 2;
#else
    return rows() + rows();
#endif
  }

  int rows() {
    std::shared_lock hold(mu_); // sluice: double-lock
    return rows_;
  }

  void insert() {
    std::unique_lock hold(mu_);
    ++rows_;
  }

private:
  sluice::shared_mutex mu_;
  int rows_ = 0;
};

int main() {
  sluice::run([] {
    table t;
    sluice::task_group g(sluice::context::background());
    g.go([&] { t.insert(); });
    g.go([&] { (void)t.total(); });
    g.wait();
  });
}
