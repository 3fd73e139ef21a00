// The workloads with Boost.Fiber, which has no select, on as many threads as FIBER_THREADS says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "measure.hpp"

#include <boost/fiber/all.hpp>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace {
namespace fibers = boost::fibers;
using counters = benchmark::UserCounters;

/// Counts down to none.
class latch {
public:
  explicit latch(std::int64_t n) : left(n) {}
  void done() {
    std::lock_guard hold(mutex);
    if (--left == 0)
      none.notify_all();
  }
  void wait() {
    std::unique_lock hold(mutex);
    none.wait(hold, [&] { return left == 0; });
  }

private:
  fibers::mutex mutex;
  fibers::condition_variable none;
  std::int64_t left;
};

template <class F> void go(F f) { fibers::fiber(std::move(f)).detach(); }

/// A tenth of the flood: all of it would need 8 GB of stacks.
void spawn_flood(counters &out) {
  constexpr int n = bench::flood / 10;
  latch left(n);
  bench::stopwatch watch;
  for (int i = 0; i != n; ++i)
    go([&] { left.done(); });
  left.wait();
  out["ns"] = watch.ns() / n;
}

void spawn_batches(counters &out) {
  bench::stopwatch watch;
  for (int b = 0; b != bench::batches; ++b) {
    latch left(bench::batch);
    for (int i = 0; i != bench::batch; ++i)
      go([&] { left.done(); });
    left.wait();
  }
  out["ns"] = watch.ns() / (double(bench::batches) * bench::batch);
}

struct park_round {
  double spawn_ns = 0, wake_ns = 0, bytes = 0;

  park_round() {
    double before = bench::resident();
    fibers::mutex mutex;
    fibers::condition_variable gate;
    bool open = false;
    latch ready(bench::parked), left(bench::parked);
    bench::stopwatch spawning;
    for (int i = 0; i != bench::parked; ++i)
      go([&] {
        ready.done();
        {
          std::unique_lock hold(mutex);
          gate.wait(hold, [&] { return open; });
        }
        left.done();
      });
    ready.wait();
    spawn_ns = spawning.ns() / bench::parked;
    bytes = (bench::resident() - before) / bench::parked;
    bench::stopwatch waking;
    {
      std::lock_guard hold(mutex);
      open = true;
      gate.notify_all();
    }
    left.wait();
    wake_ns = waking.ns() / bench::parked;
  }
};

void park_many(counters &out) {
  park_round cold, warm;
  out["cold spawn ns"] = cold.spawn_ns;
  out["warm spawn ns"] = warm.spawn_ns;
  out["wake ns"] = warm.wake_ns;
  out["bytes"] = cold.bytes;
}

void ping_pong(counters &out) {
  fibers::unbuffered_channel<int> there, back;
  latch left(1);
  go([&] {
    for (int v : there)
      back.push(v + 1);
    left.done();
  });
  bench::stopwatch watch;
  std::int64_t sum = 0;
  for (int i = 0; i != bench::round_trips; ++i) {
    there.push(i);
    sum += back.value_pop() - i;
  }
  out["ns"] = watch.ns() / bench::round_trips;
  there.close();
  left.wait();
  bench::expect(sum, bench::round_trips, "ping-pong");
}

void buffered(counters &out) {
  fibers::buffered_channel<int> c(128);
  bench::stopwatch watch;
  go([&] {
    for (int i = 0; i != bench::items; ++i)
      c.push(1);
    c.close();
  });
  std::int64_t sum = 0;
  for (int v : c)
    sum += v;
  out["ns"] = watch.ns() / bench::items;
  bench::expect(sum, bench::items, "buffered");
}

void crowded(counters &out) {
  fibers::buffered_channel<int> c(64);
  latch senders(bench::crowd), receivers(bench::crowd);
  std::atomic<std::int64_t> sum = 0;
  bench::stopwatch watch;
  for (int i = 0; i != bench::crowd; ++i) {
    go([&] {
      for (int j = 0; j != bench::crowd_items; ++j)
        c.push(1);
      senders.done();
    });
    go([&] {
      std::int64_t own = 0;
      for (int v : c)
        own += v;
      sum += own;
      receivers.done();
    });
  }
  senders.wait();
  c.close();
  receivers.wait();
  out["ns"] = watch.ns() / (double(bench::crowd) * bench::crowd_items);
  bench::expect(sum, std::int64_t(bench::crowd) * bench::crowd_items, "crowded");
}

void sieve(counters &out) {
  using channel = fibers::unbuffered_channel<int>;
  std::vector<std::shared_ptr<channel>> stages{std::make_shared<channel>()};
  latch left(bench::primes + 1);
  bench::stopwatch watch;
  go([&, numbers = stages[0]] {
    for (int i = 2; numbers->push(i) == fibers::channel_op_status::success; ++i)
      ;
    left.done();
  });
  int prime = 0;
  for (int i = 0; i != bench::primes; ++i) {
    auto in = stages.back(), next = std::make_shared<channel>();
    prime = in->value_pop();
    stages.push_back(next);
    go([=, &left] {
      for (int v : *in)
        if (v % prime != 0 && next->push(v) != fibers::channel_op_status::success)
          break;
      left.done();
    });
  }
  out["ms"] = watch.ns() * 1e-6;
  bench::expect(prime, 17389, "sieve");
  for (auto &c : stages)
    c->close();
  left.wait();
}

void contended_mutex(counters &out) {
  fibers::mutex mutex;
  latch left(bench::lockers);
  std::int64_t n = 0;
  bench::stopwatch watch;
  for (int i = 0; i != bench::lockers; ++i)
    go([&] {
      for (int j = 0; j != bench::locks; ++j) {
        mutex.lock();
        ++n;
        mutex.unlock();
      }
      left.done();
    });
  left.wait();
  out["ns"] = watch.ns() / (double(bench::lockers) * bench::locks);
  bench::expect(n, std::int64_t(bench::lockers) * bench::locks, "mutex");
}

void sleeps(counters &out) {
  std::atomic<std::int64_t> late_ns = 0;
  latch left(bench::sleepers);
  double cpu = bench::cpu_ns();
  for (int i = 0; i != bench::sleepers; ++i)
    go([&, i] {
      bench::stopwatch watch;
      boost::this_fiber::sleep_for(bench::nap(i));
      std::chrono::duration<double, std::nano> wanted = bench::nap(i);
      late_ns += std::int64_t(watch.ns() - wanted.count());
      left.done();
    });
  left.wait();
  out["late ms"] = double(late_ns) * 1e-6 / bench::sleepers;
  out["cpu us"] = (bench::cpu_ns() - cpu) * 1e-3 / bench::sleepers;
}

/// Threads beside this one that run fibers, until it is destroyed.
class helpers {
public:
  explicit helpers(int threads) {
    for (int i = 1; i < threads; ++i)
      running.emplace_back([this] {
        fibers::use_scheduling_algorithm<fibers::algo::shared_work>(true);
        std::unique_lock hold(mutex);
        over.wait(hold, [&] { return ended; });
      });
    if (threads > 1)
      fibers::use_scheduling_algorithm<fibers::algo::shared_work>(true);
  }
  ~helpers() {
    {
      std::lock_guard hold(mutex);
      ended = true;
    }
    over.notify_all();
    for (std::thread &each : running)
      each.join();
  }

private:
  fibers::mutex mutex;
  fibers::condition_variable_any over;
  bool ended = false;
  std::vector<std::thread> running;
};

} // namespace

int main(int argc, char **argv) {
  const char *threads = std::getenv("FIBER_THREADS");
  helpers beside(threads ? std::atoi(threads) : 1);
  bench::add("W1-flood", spawn_flood);
  bench::add("W1-batch", spawn_batches);
  bench::add("W2", park_many);
  bench::add("W3", ping_pong);
  bench::add("W4", buffered);
  bench::add("W5", crowded);
  bench::add("W7", sieve);
  bench::add("W8", contended_mutex);
  bench::add("W9", sleeps);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
