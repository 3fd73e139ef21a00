// What locks cost a task that nobody contends with: alone, under others, and where an order is new.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include <sluice/sluice.hpp>

#include <benchmark/benchmark.h>

#include <memory>

namespace {

template <class Lock> void alone(benchmark::State &state) {
  Lock lock;
  for (auto _ : state) {
    lock.lock();
    lock.unlock();
  }
}

/// As many locks as the argument says, each under those before it.
void nested(benchmark::State &state) {
  sluice::mutex locks[6];
  const auto n = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    for (std::size_t i = 0; i < n; ++i)
      locks[i].lock();
    for (std::size_t i = n; i-- > 0;)
      locks[i].unlock();
  }
}

void nested_reader(benchmark::State &state) {
  sluice::mutex outer;
  sluice::shared_mutex inner;
  for (auto _ : state) {
    outer.lock();
    inner.lock_shared();
    inner.unlock_shared();
    outer.unlock();
  }
}

/// A lock that is made, taken under another one and gone again: each time a new order.
void new_order(benchmark::State &state) {
  sluice::mutex outer;
  for (auto _ : state) {
    sluice::mutex inner;
    outer.lock();
    inner.lock();
    inner.unlock();
    outer.unlock();
  }
}

/// The same order, each time by a new task.
void by_new_tasks(benchmark::State &state) {
  sluice::mutex outer, inner;
  for (auto _ : state)
    sluice::async([&] {
      outer.lock();
      inner.lock();
      inner.unlock();
      outer.unlock();
    }).get();
}

void add(const char *name, void (*f)(benchmark::State &)) {
  benchmark::RegisterBenchmark(name,
                               [f](benchmark::State &state) { sluice::run([&] { f(state); }); });
}

} // namespace

int main(int argc, char **argv) {
  add("alone", alone<sluice::mutex>);
  add("alone-shared", alone<sluice::shared_mutex>);
  for (int n : {1, 2, 3, 4})
    benchmark::RegisterBenchmark("nested", [](benchmark::State &state) {
      sluice::run([&] { nested(state); });
    })->Arg(n);
  add("nested-reader", nested_reader);
  add("new-order", new_order);
  add("by-new-tasks", by_new_tasks);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
