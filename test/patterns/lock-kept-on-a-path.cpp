// A worker that returns early keeps the lock: nobody else may ever take it again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// runtime: misuse
#include <sluice/sluice.hpp>

class account {
public:
  bool withdraw(int amount) {
    mu_.lock(); // sluice: missing-unlock
    if (amount > balance_)
      return false;
    balance_ -= amount;
    mu_.unlock();
    return true;
  }

private:
  sluice::mutex mu_;
  int balance_ = 10;
};

int main() {
  sluice::run([] {
    account a;
    sluice::task_group customers;
    customers.go([&] { a.withdraw(20); });
    customers.wait();
  });
}
