// Two tasks that never run at the same time still race: TSan reports it, and not if a lock or a
// channel orders them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// REQUIRES: tsan
// RUN: %cxx %s -o %t
// RUN: env SLUICE_OPTIONS=procs=1 not %t race > %t.race 2>&1
// RUN: FileCheck %s < %t.race
// RUN: env SLUICE_OPTIONS=procs=4 not %t race > %t.four 2>&1
// RUN: FileCheck %s < %t.four
// RUN: env SLUICE_OPTIONS=procs=1 %t lock 2>&1 | count 0
// RUN: env SLUICE_OPTIONS=procs=4 %t lock 2>&1 | count 0
// RUN: env SLUICE_OPTIONS=procs=1 %t send 2>&1 | count 0
// RUN: env SLUICE_OPTIONS=procs=4 %t send 2>&1 | count 0
// CHECK: WARNING: ThreadSanitizer: data race
// CHECK: add_carelessly
#include <sluice/sluice.hpp>

#include <atomic>
#include <mutex>
#include <string_view>

namespace {

constexpr int rounds = 20;
int counter = 0;

[[gnu::noinline]] void add_carelessly() { ++counter; }

/// Lets both begin, without ordering them: one that ends before the other begins leaves it its
/// stack, and with that its place in TSan's books.
void meet() {
  static std::atomic<int> begun{0};
  begun.fetch_add(1, std::memory_order_relaxed);
  while (begun.load(std::memory_order_relaxed) < 2)
    sluice::yield();
}

void race(sluice::wait_group &all) {
  meet();
  for (int i = 0; i < rounds; ++i) {
    add_carelessly();
    sluice::yield();
  }
  all.done();
}

void lock(sluice::mutex &mu, sluice::wait_group &all) {
  for (int i = 0; i < rounds; ++i) {
    std::lock_guard hold(mu);
    add_carelessly();
    sluice::yield();
  }
  all.done();
}

/// Whoever has the token may count.
void send(sluice::chan<> token, sluice::wait_group &all) {
  for (int i = 0; i < rounds; ++i) {
    token.recv();
    add_carelessly();
    token.send();
  }
  all.done();
}

} // namespace

int main(int, char **argv) {
  const std::string_view how = argv[1];
  sluice::run([&] {
    sluice::mutex mu;
    sluice::chan<> token(1);
    token.send();
    sluice::wait_group all;
    all.add(2);
    for (int i = 0; i < 2; ++i)
      sluice::go([&] {
        how == "race" ? race(all) : how == "lock" ? lock(mu, all) : send(token, all);
      });
    all.wait();
  });
  return counter == 2 * rounds || how == "race" ? 0 : 1;
}
