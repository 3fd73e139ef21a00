// Batches take as many permits as they have items, one by one; two half-filled batches wait for
// each other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <vector>

class permits {
public:
  explicit permits(int n) : free_(n) {}

  void take(int n) {
#ifdef REPAIRED
    std::lock_guard one_batch(order_);
#endif
    for (int i = 0; i < n; ++i)
      free_.acquire(); // sluice: unfulfilled-wait
  }
  void give(int n) {
    for (int i = 0; i < n; ++i)
      free_.release();
  }

private:
  sluice::mutex order_;
  sluice::semaphore free_;
};

class importer {
public:
  explicit importer(std::shared_ptr<permits> p) : permits_(std::move(p)) {}
  void import(int items) {
    permits_->take(items);
    stored_ += items;
    permits_->give(items);
  }

private:
  std::shared_ptr<permits> permits_;
  int stored_ = 0;
};

int main() {
  sluice::run([] {
    auto p = std::make_shared<permits>(2);
    importer a(p), b(p);
    sluice::wait_group wg;
    auto launch = [&wg](importer &i) {
      wg.add(1);
      sluice::go("import", [&wg, &i] {
        i.import(2);
        wg.done();
      });
    };
    launch(a);
    launch(b);
    wg.wait(); // sluice: unfulfilled-wait
  });
}
