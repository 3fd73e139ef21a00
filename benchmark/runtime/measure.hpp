// What the benchmark programs share: sizes of the workloads, the clock, memory and processor time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <string>
#include <unistd.h>

namespace bench {

// The twin in Go has the same.
inline constexpr int flood = 1'000'000;
inline constexpr int batches = 1000, batch = 1000;
inline constexpr int parked = 100'000;
inline constexpr int round_trips = 1'000'000;
inline constexpr int items = 5'000'000;
inline constexpr int crowd = 4, crowd_items = 1'000'000; // a producer
inline constexpr int selects = 1'000'000;
inline constexpr int primes = 2000;
inline constexpr int lockers = 8, locks = 500'000; // a locker
inline constexpr int sleepers = 100'000;
inline constexpr int longest_sleep_ms = 100;

/// Nanoseconds since it was made.
class stopwatch {
public:
  double ns() const {
    return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start)
        .count();
  }

private:
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

/// Resident memory in bytes.
inline double resident() {
  long total = 0, pages = 0;
  if (std::FILE *file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%ld %ld", &total, &pages) != 2)
      pages = 0;
    std::fclose(file);
  }
  return double(pages) * double(sysconf(_SC_PAGESIZE));
}

/// Processor time of all threads, in nanoseconds.
inline double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return double(now.tv_sec) * 1e9 + double(now.tv_nsec);
}

/// How long sleeper `i` sleeps.
inline std::chrono::milliseconds nap(int i) {
  return std::chrono::milliseconds(1 + i % longest_sleep_ms);
}

/// Stops the program: a workload that came to a wrong result measured nothing.
inline void expect(std::int64_t got, std::int64_t wanted, const char *what) {
  if (got == wanted)
    return;
  std::fprintf(stderr, "%s: %lld, expected %lld\n", what, (long long)got, (long long)wanted);
  std::_Exit(1);
}

/// Runs `workload`, which fills the counters, once.
template <class Workload> void add(const char *name, Workload workload) {
  benchmark::RegisterBenchmark(name,
                               [workload](benchmark::State &state) {
                                 for (auto _ : state) {
                                   stopwatch watch;
                                   workload(state.counters);
                                   state.SetIterationTime(watch.ns() * 1e-9);
                                 }
                               })
      ->Iterations(1)
      ->UseManualTime();
}

} // namespace bench
