// Two locks taken one after the other, in an order that crosses another task's, are taken together.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: cp %s %t.cpp
// RUN: not sluice check --checks=-undirected-channel --fix %t.cpp -- %flags | FileCheck %s
// RUN: grep -Ev "(CHECK|FIXED)" %t.cpp | FileCheck --check-prefix=FIXED %s
// RUN: %compiler -fsyntax-only %flags %t.cpp
// RUN: sluice check --checks=-undirected-channel --fail-on=style %t.cpp -- %flags
#include <sluice/sluice.hpp>

#include <mutex>

struct Account {
  sluice::mutex mu;
  int balance = 0;
};

void transfer(Account &from, Account &to, int amount) {
  std::lock_guard first(from.mu);
  std::lock_guard second(to.mu);
  from.balance -= amount;
  to.balance += amount;
}

void argumentsBad() {
  Account a, b;
  sluice::task_group both;
  both.go([&] { transfer(a, b, 1); });
  both.go([&] { transfer(b, a, 2); });
  both.wait();
}
// CHECK: warning: lock of 'mu' can
// CHECK: note: fix: take both locks at once, in an order that cannot cross: 'std::scoped_lock first(from.mu, to.mu);' [proved]
// FIXED: std::scoped_lock first(from.mu, to.mu);
// FIXED-NEXT: from.balance

class Router {
public:
  void route() {
    std::unique_lock<sluice::mutex> table(table_mu_);
    std::unique_lock<sluice::mutex> peers(peers_mu_);
    ++routes_;
  }
  void drop() {
    std::scoped_lock peers(peers_mu_);
    ++drops_;
    std::scoped_lock table(table_mu_);
    --routes_;
  }

private:
  sluice::mutex table_mu_, peers_mu_;
  int routes_ = 0, drops_ = 0;
};

void membersBad() {
  Router router;
  sluice::task_group both;
  both.go([&] { router.route(); });
  both.go([&] { router.drop(); });
  both.wait();
}
// CHECK: warning: lock of {{.*}} can wait for ever
// CHECK: note: fix: take both locks at once, in an order that cannot cross: 'std::scoped_lock table(table_mu_, peers_mu_);' [proved]
// FIXED: std::scoped_lock table(table_mu_, peers_mu_);

void lambdasBad() {
  std::mutex left, right;
  int shared = 0;
  sluice::task_group both;
  both.go([&] {
    std::lock_guard<std::mutex> a(left);
    std::lock_guard<std::mutex> b(right);
    ++shared;
  });
  both.go([&] {
    std::lock_guard<std::mutex> a(right);
    std::lock_guard<std::mutex> b(left);
    --shared;
  });
  both.wait();
}
// CHECK: warning: lock of {{.*}} can wait for ever
// CHECK: note: fix: take both locks at once
// FIXED: std::scoped_lock a({{left, right|right, left}});
