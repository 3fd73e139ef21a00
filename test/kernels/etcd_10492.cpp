// Renewing a lease calls the checkpointer under the write lock, and the checkpointer takes it again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <functional>
#include <map>
#include <mutex>

class lessor {
public:
  using checkpointer = std::function<void(int id, int remaining)>;

  void set_checkpointer(checkpointer c) {
    std::lock_guard hold(mu_);
    checkpoint_ = std::move(c);
  }

  void grant(int id, int ttl) {
    std::lock_guard hold(mu_);
    remaining_[id] = ttl;
  }

  void checkpoint(int id, int remaining) {
    std::lock_guard hold(mu_); // sluice: double-lock
    remaining_[id] = remaining;
  }

  void renew(int id) {
    std::unique_lock hold(mu_);
    remaining_[id] = 0;
    checkpointer notify = checkpoint_;
#ifdef REPAIRED
    hold.unlock();
#endif
    if (notify)
      notify(id, 0);
  }

private:
  sluice::shared_mutex mu_;
  checkpointer checkpoint_;
  std::map<int, int> remaining_;
};

int main() {
  sluice::run([] {
    lessor leases;
    leases.set_checkpointer([&leases](int id, int remaining) { leases.checkpoint(id, remaining); });
    leases.grant(1, 10);
    leases.renew(1);
  });
}
