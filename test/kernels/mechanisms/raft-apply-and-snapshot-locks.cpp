// The applier locks the replica and asks its store; the store's snapshot locks itself and asks the
// replica.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>

struct replica_info {
  int applied = 0;
};

class replica_view {
public:
  virtual ~replica_view() = default;
  virtual replica_info info() const = 0;
};

class store {
public:
  void add(int id, std::shared_ptr<replica_view> r) {
    std::unique_lock l(mu_);
    replicas_[id] = std::move(r);
  }

  int capacity() const {
    std::shared_lock l(mu_); // sluice: lock-order-cycle
    return 10 - static_cast<int>(replicas_.size());
  }

  void compact() {
    std::unique_lock l(mu_);
    ++epoch_;
#ifdef REPAIRED
    auto copy = replicas_;
    l.unlock();
    for (auto &[id, r] : copy)
      lowest_ = r->info().applied;
#else
    for (auto &[id, r] : replicas_)
      lowest_ = r->info().applied;
#endif
  }

private:
  mutable sluice::shared_mutex mu_;
  std::unordered_map<int, std::shared_ptr<replica_view>> replicas_;
  int epoch_ = 0;
  int lowest_ = 0;
};

class replica : public replica_view {
public:
  explicit replica(store &s) : store_(s) {}

  replica_info info() const override {
    std::lock_guard l(mu_); // sluice: lock-order-cycle
    return info_;
  }

  bool apply() {
    std::lock_guard l(mu_);
    if (store_.capacity() <= 0)
      return false;
    info_.applied++;
    return true;
  }

private:
  mutable sluice::mutex mu_;
  replica_info info_;
  store &store_;
};

int main() {
  sluice::run([] {
    store s;
    auto r = std::make_shared<replica>(s);
    s.add(1, r);
    sluice::wait_group wg;
    wg.add(2);
    auto start = [&wg](auto f) {
      sluice::go([&wg, f] {
        f();
        wg.done();
      });
    };
    start([r] { r->apply(); });
    start([&s] { s.compact(); });
    wg.wait(); // sluice: lock-order-cycle
  });
}
