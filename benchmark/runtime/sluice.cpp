// The workloads with Sluice's tasks, on as many threads as SLUICE_OPTIONS=procs=N says.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "measure.hpp"

#include <sluice/sluice.hpp>

#include <boost/lockfree/spsc_queue.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace {
using counters = benchmark::UserCounters;

void spawn_flood(counters &out) {
  sluice::wait_group left;
  bench::stopwatch watch;
  left.add(bench::flood);
  for (int i = 0; i != bench::flood; ++i)
    sluice::go([&] { left.done(); });
  left.wait();
  out["ns"] = watch.ns() / bench::flood;
}

void spawn_batches(counters &out) {
  bench::stopwatch watch;
  for (int b = 0; b != bench::batches; ++b) {
    sluice::wait_group left;
    left.add(bench::batch);
    for (int i = 0; i != bench::batch; ++i)
      sluice::go([&] { left.done(); });
    left.wait();
  }
  out["ns"] = watch.ns() / (double(bench::batches) * bench::batch);
}

/// Starts tasks that park, and wakes all.
struct park_round {
  double spawn_ns = 0, wake_ns = 0, bytes = 0;

  park_round() {
    double before = bench::resident();
    sluice::chan<> gate;
    sluice::wait_group ready, left;
    ready.add(bench::parked);
    left.add(bench::parked);
    bench::stopwatch spawning;
    for (int i = 0; i != bench::parked; ++i)
      sluice::go([&] {
        ready.done();
        gate.recv();
        left.done();
      });
    ready.wait();
    spawn_ns = spawning.ns() / bench::parked;
    bytes = (bench::resident() - before) / bench::parked;
    bench::stopwatch waking;
    gate.close();
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
  sluice::chan<int> there, back;
  sluice::go([=] {
    for (int v : there)
      back.send(v + 1);
    back.close();
  });
  bench::stopwatch watch;
  std::int64_t sum = 0;
  for (int i = 0; i != bench::round_trips; ++i) {
    there.send(i);
    sum += *back.recv() - i;
  }
  out["ns"] = watch.ns() / bench::round_trips;
  there.close();
  back.recv();
  bench::expect(sum, bench::round_trips, "ping-pong");
}

std::int64_t receive_all(const sluice::chan<int> &c) {
  std::int64_t sum = 0;
  for (int v : c)
    sum += v;
  return sum;
}

void send_items(const sluice::chan<int> &c) {
  for (int i = 0; i != bench::items; ++i)
    c.send(1);
  c.close();
}

void buffered(counters &out) {
  sluice::chan<int> c(128);
  bench::stopwatch watch;
  sluice::go([=] { send_items(c); });
  const std::int64_t sum = receive_all(c);
  out["ns"] = watch.ns() / bench::items;
  bench::expect(sum, bench::items, "buffered");
}

void crowded(counters &out) {
  sluice::chan<int> c(64);
  sluice::wait_group senders, receivers;
  std::atomic<std::int64_t> sum = 0;
  senders.add(bench::crowd);
  receivers.add(bench::crowd);
  bench::stopwatch watch;
  for (int i = 0; i != bench::crowd; ++i) {
    sluice::go([&] {
      for (int j = 0; j != bench::crowd_items; ++j)
        c.send(1);
      senders.done();
    });
    sluice::go([&] {
      sum += receive_all(c);
      receivers.done();
    });
  }
  senders.wait();
  c.close();
  receivers.wait();
  out["ns"] = watch.ns() / (double(bench::crowd) * bench::crowd_items);
  bench::expect(sum, std::int64_t(bench::crowd) * bench::crowd_items, "crowded");
}

void select_of_four(counters &out) {
  std::array<sluice::chan<int>, 4> from;
  for (auto &c : from)
    sluice::go([=] {
      for (int i = 0; i != bench::selects / 4; ++i)
        c.send(1);
    });
  bench::stopwatch watch;
  std::int64_t sum = 0;
  std::optional<int> got;
  for (int i = 0; i != bench::selects; ++i) {
    sluice::select(sluice::on_recv(from[0], got), sluice::on_recv(from[1], got),
                   sluice::on_recv(from[2], got), sluice::on_recv(from[3], got));
    sum += *got;
  }
  out["ns"] = watch.ns() / bench::selects;
  bench::expect(sum, bench::selects, "select");
}

void sieve(counters &out) {
  sluice::chan<int> numbers;
  bench::stopwatch watch;
  sluice::go([=] {
    try {
      for (int i = 2;; ++i)
        numbers.send(i);
    } catch (const sluice::channel_error &) {
    }
  });
  std::vector<sluice::chan<int>> stages{numbers};
  int prime = 0;
  for (int i = 0; i != bench::primes; ++i) {
    sluice::chan<int> in = stages.back(), next;
    prime = *in.recv();
    stages.push_back(next);
    sluice::go([=] {
      try {
        for (int v : in)
          if (v % prime != 0)
            next.send(v);
      } catch (const sluice::channel_error &) {
      }
    });
  }
  out["ms"] = watch.ns() * 1e-6;
  bench::expect(prime, 17389, "sieve");
  for (auto &c : stages)
    c.close();
}

void contended_mutex(counters &out) {
  sluice::mutex mutex;
  sluice::wait_group left;
  left.add(bench::lockers);
  std::int64_t n = 0;
  bench::stopwatch watch;
  for (int i = 0; i != bench::lockers; ++i)
    sluice::go([&] {
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
  sluice::wait_group left;
  left.add(bench::sleepers);
  double cpu = bench::cpu_ns();
  for (int i = 0; i != bench::sleepers; ++i)
    sluice::go([&, i] {
      bench::stopwatch watch;
      sluice::sleep_for(bench::nap(i));
      std::chrono::duration<double, std::nano> wanted = bench::nap(i);
      late_ns += std::int64_t(watch.ns() - wanted.count());
      left.done();
    });
  left.wait();
  out["late ms"] = double(late_ns) * 1e-6 / bench::sleepers;
  out["cpu us"] = (bench::cpu_ns() - cpu) * 1e-3 / bench::sleepers;
}

/// Not in tasks: from one thread of the system to another.
void between_threads(counters &out) {
  sluice::chan<int> c(128);
  bench::stopwatch watch;
  std::jthread sender([&] { send_items(c); });
  const std::int64_t sum = receive_all(c);
  out["ns"] = watch.ns() / bench::items;
  bench::expect(sum, bench::items, "between threads");
}

/// What two threads can do at best: the same with a queue that never blocks, and threads that spin.
void lock_free_queue(counters &out) {
  boost::lockfree::spsc_queue<int, boost::lockfree::capacity<128>> queue;
  bench::stopwatch watch;
  std::jthread sender([&] {
    for (int i = 0; i != bench::items; ++i)
      while (!queue.push(1))
        ;
  });
  std::int64_t sum = 0;
  for (int got = 0, v = 0; got != bench::items;)
    if (queue.pop(v)) {
      sum += v;
      ++got;
    }
  out["ns"] = watch.ns() / bench::items;
  bench::expect(sum, bench::items, "queue");
}

void in_tasks(const char *name, void (*workload)(counters &)) {
  bench::add(name, [=](counters &out) { sluice::run([&] { workload(out); }); });
}

} // namespace

int main(int argc, char **argv) {
  in_tasks("W1-flood", spawn_flood);
  in_tasks("W1-batch", spawn_batches);
  in_tasks("W2", park_many);
  in_tasks("W3", ping_pong);
  in_tasks("W4", buffered);
  in_tasks("W5", crowded);
  in_tasks("W6", select_of_four);
  in_tasks("W7", sieve);
  in_tasks("W8", contended_mutex);
  in_tasks("W9", sleeps);
  bench::add("W10", between_threads);
  bench::add("W10-queue", lock_free_queue);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
