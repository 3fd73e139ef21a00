// What is not understood gives no verdict and no alarm: unions, unknown iterators, goto
// into loops.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check %s -- %flags 2>&1 | FileCheck %s --implicit-check-not=warning:
#include <sluice/sluice.hpp>

#include <algorithm>
#include <mutex>
#include <ranges>
#include <tuple>
#include <variant>
#include <vector>

void variantOk() {
  sluice::chan<int> c;
  std::variant<int, sluice::chan<int>> v = c;
  sluice::go([c] { c.recv(); });
  std::visit(
      [](auto &x) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(x)>, int>)
          x.send(1);
      },
      v);
}

void rangesOk() {
  std::vector<sluice::chan<int>> all(2, sluice::chan<int>(2));
  for (auto &c : all | std::views::reverse)
    c.send(1);
}

union slot {
  int number;
  sluice::mutex *lock;
};

void unionOk() {
  sluice::mutex mu;
  slot s;
  s.lock = &mu;
  s.lock->lock();
  mu.unlock();
}

template <class... Locks> void takeAll(Locks &...locks) { (locks.lock(), ...); }
template <class... Locks> void giveAll(Locks &...locks) { (locks.unlock(), ...); }

void foldOk() {
  sluice::mutex a, b;
  takeAll(a, b);
  giveAll(a, b);
  takeAll(b);
  giveAll(b);
}

void tupleOk() {
  std::tuple<sluice::chan<int>, int> t{sluice::chan<int>(1), 2};
  std::get<0>(t).send(std::get<1>(t));
  std::apply([](sluice::chan<int> c, int) { c.recv(); }, t);
}

void gotoOk(int n) {
  sluice::mutex mu;
again:
  mu.lock();
  mu.unlock();
  if (n-- > 0)
    goto again;
}

void placementOk() {
  alignas(sluice::mutex) unsigned char room[sizeof(sluice::mutex)];
  auto *m = new (room) sluice::mutex;
  m->lock();
  m->unlock();
  m->~mutex();
}

sluice::chan<int> &shared() {
  static sluice::chan<int> c(1);
  return c;
}

void staticOk() {
  thread_local int calls = 0;
  if (++calls == 1)
    shared().try_send(1);
}

struct failed {};
void mayFail(bool fails) {
  if (fails)
    throw failed();
}

void exceptionOk(bool fails) {
  sluice::mutex mu;
  try {
    std::lock_guard hold(mu);
    mayFail(fails);
  } catch (const failed &) {
    mu.lock();
    mu.unlock();
  }
}

// CHECK: no warnings in 1 file
