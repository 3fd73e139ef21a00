// Locks of one field are a cycle where arguments are exchanged, and nothing orders their owners.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --checks='-*,lock-order-cycle' %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <functional>
#include <mutex>
#include <utility>

namespace one_field {
struct Account {
  std::mutex m;
  int balance = 0;
  int id = 0;
  int number() const { return id; }
};
void transfer(Account &from, Account &to, int n) {
  std::lock_guard first(from.m);
  // CHECK: [[@LINE+1]]:19: warning: lock of '{{[ab]}}.m' can wait for ever: 'one_field::settleBad' holds it and waits for '{{[ab]}}.m' [sluice-lock-order-cycle]
  std::lock_guard second(to.m);
  from.balance -= n;
  to.balance += n;
}
void settleBad(Account &a, Account &b) {
  transfer(a, b, 1);
  transfer(b, a, 1);
}
void transferInOrderOk(Account &from, Account &to, int n) {
  Account *first = &from, *second = &to;
  if (second < first)
    std::swap(first, second);
  std::lock_guard one(first->m);
  std::lock_guard two(second->m);
  from.balance -= n;
  to.balance += n;
}
void transferByIdOk(Account &from, Account &to, int n) {
  if (from.id < to.id) {
    std::lock_guard one(from.m);
    std::lock_guard two(to.m);
    to.balance += n;
  } else {
    std::lock_guard one(to.m);
    std::lock_guard two(from.m);
    to.balance += n;
  }
}
void transferByAddressOk(Account &from, Account &to, int n) {
  if (std::less<Account *>()(&from, &to)) {
    std::lock_guard one(from.m);
    std::lock_guard two(to.m);
    to.balance += n;
  } else {
    std::lock_guard one(to.m);
    std::lock_guard two(from.m);
    to.balance += n;
  }
}
bool comesFirst(const Account &a, const Account &b) { return &a < &b; }
void transferByMethodOk(Account &from, Account &to, int n) {
  if (from.number() < to.number()) {
    std::lock_guard one(from.m);
    std::lock_guard two(to.m);
    to.balance += n;
  } else {
    std::lock_guard one(to.m);
    std::lock_guard two(from.m);
    to.balance += n;
  }
}
void transferByFunctionOk(Account &from, Account &to, int n) {
  if (comesFirst(from, to)) {
    std::lock_guard one(from.m);
    std::lock_guard two(to.m);
    to.balance += n;
  } else {
    std::lock_guard one(to.m);
    std::lock_guard two(from.m);
    to.balance += n;
  }
}
void settleOk(Account &a, Account &b) {
  transferInOrderOk(a, b, 1);
  transferInOrderOk(b, a, 1);
}
struct Node {
  std::mutex m;
  Node *next = nullptr;
  int n = 0;
};
void handOverHandOk(Node &head) {
  head.m.lock();
  Node *at = &head;
  while (Node *next = at->next) {
    next->m.lock();
    at->m.unlock();
    at = next;
  }
  at->m.unlock();
}
} // namespace one_field
