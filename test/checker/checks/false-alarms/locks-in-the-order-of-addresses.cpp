// Two locks of one kind that are always taken by their addresses, or their numbers, cannot cross.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: not sluice check --no-fixes --checks=-undirected-channel %s -- %flags | FileCheck --implicit-check-not=warning: %s
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

struct Account {
  std::mutex m;
  int id = 0;
  int balance = 0;
};

void transferOk(Account &from, Account &to) {
  Account *low = &from, *high = &to;
  if (std::less<Account *>()(high, low))
    std::swap(low, high);
  std::lock_guard first(low->m);
  std::lock_guard second(high->m);
  --from.balance;
  ++to.balance;
}
void bothWaysOk(Account &a, Account &b) {
  transferOk(a, b);
  transferOk(b, a);
}

void byNumberOk(Account &from, Account &to) {
  if (from.id < to.id) {
    std::lock_guard first(from.m);
    std::lock_guard second(to.m);
    --from.balance;
  } else {
    std::lock_guard first(to.m);
    std::lock_guard second(from.m);
    --from.balance;
  }
}
void numbersBothWaysOk(Account &a, Account &b) {
  byNumberOk(a, b);
  byNumberOk(b, a);
}

void lockBoth(Account &a, Account &b) {
  if (&a < &b) {
    a.m.lock();
    b.m.lock();
  } else {
    b.m.lock();
    // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-double-lock]
    a.m.lock();
  }
  a.m.unlock();
  b.m.unlock();
}

void inSightOk() {
  Account x, y;
  std::thread other([&] { lockBoth(x, y); });
  lockBoth(y, x);
  other.join();
}

void itselfBad() {
  Account x;
  lockBoth(x, x);
}

void transferBad(Account &from, Account &to) {
  std::lock_guard first(from.m);
  // CHECK: [[@LINE+1]]:{{[0-9]+}}: warning: {{.*}} [sluice-lock-order-cycle]
  std::lock_guard second(to.m);
  --from.balance;
  ++to.balance;
}
void bothWaysBad(Account &a, Account &b) {
  transferBad(a, b);
  transferBad(b, a);
}
