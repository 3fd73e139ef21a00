// Two transfers in opposite directions lock the accounts in the order of their arguments.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <memory>
#include <mutex>

struct account {
  sluice::mutex mu;
  int balance = 100;
};

void transfer(account &from, account &to, int amount) {
#ifdef REPAIRED
  std::scoped_lock both(from.mu, to.mu);
#else
  std::lock_guard first(from.mu);
  std::lock_guard second(to.mu); // sluice: lock-order-cycle
#endif
  from.balance -= amount;
  to.balance += amount;
}

class bank {
public:
  void there() { transfer(*a_, *b_, 10); }
  void back() { transfer(*b_, *a_, 5); }

private:
  std::unique_ptr<account> a_ = std::make_unique<account>();
  std::unique_ptr<account> b_ = std::make_unique<account>();
};

int main() {
  sluice::run([] {
    bank b;
    sluice::wait_group done;
    done.add(2);
    sluice::go("there", [&] {
      b.there();
      done.done();
    });
    sluice::go("back", [&] {
      b.back();
      done.done();
    });
    done.wait(); // sluice: lock-order-cycle
  });
}
