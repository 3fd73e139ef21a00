// Compaction waits under the lock until no reader is left; a reader lets go only after taking that
// lock again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <vector>

class database {
public:
  class snapshot {
  public:
    explicit snapshot(database &d) : db_(&d) { db_->enter(); }
    snapshot(const snapshot &) = delete;
    ~snapshot() { db_->leave(); }
    int get(int key) const { return db_->value(key); }

  private:
    database *db_;
  };

  int value(int key) const { return key < static_cast<int>(values_.size()) ? values_[key] : 0; }

  void compact() {
    std::unique_lock l(mu_);
#ifdef REPAIRED
    idle_.wait(l, [this] { return readers_ == 0; });
#else
    while (readers_ != 0)
      drained_.recv(); // sluice: blocking-under-lock
#endif
    values_.clear();
  }

private:
  void enter() {
    std::lock_guard l(mu_);
    ++readers_;
  }
  void leave() {
    std::lock_guard l(mu_); // sluice: blocking-under-lock
    --readers_;
#ifdef REPAIRED
    idle_.notify_all();
#else
    drained_.try_send({});
#endif
  }

  sluice::mutex mu_;
  sluice::condition_variable idle_;
  sluice::chan<> drained_{1};
  int readers_ = 0;
  std::vector<int> values_{1, 2, 3};
};

int main() {
  sluice::run([] {
    database db;
    sluice::task_group tasks;
    tasks.go("reader", [&] {
      database::snapshot s(db);
      sluice::yield();
      (void)s.get(1);
    });
    tasks.go("compact", [&] { db.compact(); });
    tasks.wait(); // sluice: blocking-under-lock
  });
}
