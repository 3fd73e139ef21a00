// Keyed locks are taken in the order of the keys asked for; two transfers ask in opposite orders.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

class key_locks {
public:
  std::shared_ptr<sluice::mutex> of(int key) {
    std::lock_guard l(mu_);
    auto &m = locks_[key];
    if (!m)
      m = std::make_shared<sluice::mutex>();
    return m;
  }

private:
  sluice::mutex mu_;
  std::map<int, std::shared_ptr<sluice::mutex>> locks_;
};

class transaction {
public:
  transaction(key_locks &from, int first, int second) {
#ifdef REPAIRED
    if (second < first)
      std::swap(first, second);
#endif
    for (int key : {first, second}) {
      auto m = from.of(key);
      m->lock(); // sluice: lock-order-cycle
      held_.push_back(std::move(m));
    }
  }
  transaction(const transaction &) = delete;
  ~transaction() {
    for (auto it = held_.rbegin(); it != held_.rend(); ++it)
      (*it)->unlock();
  }

private:
  std::vector<std::shared_ptr<sluice::mutex>> held_;
};

int main() {
  sluice::run([] {
    key_locks locks;
    sluice::task_group tasks;
    tasks.go("one", [&] { transaction t(locks, 1, 2); });
    tasks.go("two", [&] { transaction t(locks, 2, 1); });
    tasks.wait(); // sluice: lock-order-cycle
  });
}
