// A thousand accounts whose locks are taken in opposite orders are one defect, by several ways.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: %cxx %s -o %t
// RUN: sh -c 'timeout 60 %t 2>%t.err; test $? = 23' && FileCheck %s < %t.err
#include <sluice/sluice.hpp>

#include <mutex>
#include <random>
#include <vector>

struct account {
  sluice::mutex mu;
  long balance = 0;
};

static account audited, archived;

[[gnu::noinline]] static void transfer(account &from, account &to) {
  std::lock_guard first(from.mu);
  std::lock_guard second(to.mu);
  --from.balance;
  ++to.balance;
}

[[gnu::noinline]] static void book(account &from, account &to) { transfer(from, to); }

// Everything else that is wrong is found beside it.
static void audit() { std::scoped_lock both(audited.mu, archived.mu); }
static void archive(account &first, account &second) {
  std::lock_guard outer(first.mu);
  std::lock_guard inner(second.mu);
}

int main() {
  sluice::run([] {
    std::vector<account> accounts(1000);
    std::minstd_rand random(1);
    auto in_task = [](auto f) { sluice::async(f).get(); };
    for (int worker = 0; worker < 4; ++worker)
      in_task([&] {
        for (int n = 0; n < 3000; ++n) {
          account &from = accounts[random() % accounts.size()];
          account &to = accounts[random() % accounts.size()];
          if (&from != &to)
            n % 2 ? transfer(from, to) : book(to, from);
        }
      });
    in_task([] { audit(); });
    in_task([] { archive(audited, archived); });
    in_task([] { archive(archived, audited); });
  });
}
// CHECK: opposite orders
// CHECK: opposite orders
// CHECK: SUMMARY: sluice: 0 leaked, 0 unfinished, 0 deadlocks, 2 lock-order cycles
