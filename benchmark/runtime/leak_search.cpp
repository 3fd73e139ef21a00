// How long the search for leaks takes, and for how long it stops the program.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// sluice-leak-search heap | pointers | tasks | million: one load in a process of its own. The pause
// is the longest time that a thread which does nothing but look at the clock could not.
#include <sluice/sluice.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <random>
#include <string_view>
#include <sys/resource.h>
#include <thread>
#include <vector>

namespace {

using steady = std::chrono::steady_clock;
constexpr std::size_t mebibyte = std::size_t{1} << 20;

double ms_since(steady::time_point from) {
  return std::chrono::duration<double, std::milli>(steady::now() - from).count();
}

/// Processor time of the calling thread, and of what it has had looked through elsewhere.
double processor_ms() {
  timespec own{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
  rusage others{};
  getrusage(RUSAGE_CHILDREN, &others);
  auto ms = [](const timeval &t) { return double(t.tv_sec) * 1e3 + double(t.tv_usec) * 1e-3; };
  return double(own.tv_sec) * 1e3 + double(own.tv_nsec) * 1e-6 + ms(others.ru_utime) +
         ms(others.ru_stime);
}

/// Looks at the clock all the time.
class pause_watch {
public:
  pause_watch() : watcher([this] { watch(); }) {
    while (!running)
      ;
  }
  ~pause_watch() {
    stop = true;
    watcher.join();
  }
  double longest_ms() const { return longest; }
  void forget() { longest = 0; }

private:
  void watch() {
    running = true;
    for (auto last = steady::now(); !stop;) {
      const auto now = steady::now();
      longest =
          std::max(longest.load(), std::chrono::duration<double, std::milli>(now - last).count());
      last = now;
    }
  }
  std::atomic<bool> running{false}, stop{false};
  std::atomic<double> longest{0};
  std::thread watcher;
};

/// How a block begins that knows others.
struct block {
  block *next = nullptr;
  block *other = nullptr;
};

block *last_block = nullptr; // all of them hang on this
std::vector<block *> to_choose_from;

/// Blocks of 32 bytes to 1 MiB, half of the memory in those below 4 KiB.
std::size_t random_size(std::mt19937_64 &random) {
  const auto shift = std::uniform_int_distribution<unsigned>(5, 11)(random);
  const std::size_t small = (std::size_t{1} << shift) + random() % (std::size_t{1} << shift);
  return random() % 400 == 0 ? std::uniform_int_distribution<std::size_t>(4096, mebibyte)(random)
                             : small;
}

/// `pointers` of a hundred words point to other blocks.
void add_block(std::mt19937_64 &random, std::size_t bytes, unsigned pointers) {
  auto *words = static_cast<std::uintptr_t *>(std::malloc(bytes));
  for (std::size_t i = 0; i < bytes / sizeof *words; ++i)
    words[i] =
        random() % 100 < pointers && !to_choose_from.empty()
            ? reinterpret_cast<std::uintptr_t>(to_choose_from[random() % to_choose_from.size()])
            : random() >> 20;
  auto *b = reinterpret_cast<block *>(words);
  b->next = last_block;
  b->other = last_block;
  last_block = b;
  if (to_choose_from.size() < 1'000'000)
    to_choose_from.push_back(b);
  else
    to_choose_from[random() % to_choose_from.size()] = b;
}

void fill_heap(std::size_t bytes, unsigned pointers) {
  std::mt19937_64 random(1);
  for (std::size_t have = 0; have < bytes;) {
    const std::size_t more = random_size(random);
    add_block(random, more, pointers);
    have += more;
  }
}

/// Starts tasks that wait, each for a channel that all of them share.
sluice::chan<> gate;
void park_tasks(int n) {
  sluice::wait_group parked;
  parked.add(n);
  for (int i = 0; i < n; ++i)
    sluice::go([&parked] {
      parked.done();
      gate.recv();
    });
  parked.wait();
  sluice::sleep_for(std::chrono::milliseconds(50));
}

void measure(const char *what, double gibibytes, double total_target_ms) {
  pause_watch watch;
  std::vector<double> totals, pauses, worked;
  for (int round = 0; round < 5; ++round) {
    watch.forget();
    const auto start = steady::now();
    const double before = processor_ms();
    if (!sluice::find_leaks().empty()) {
      std::puts("a leak was found where there is none");
      std::exit(1);
    }
    totals.push_back(ms_since(start));
    worked.push_back(processor_ms() - before);
    pauses.push_back(watch.longest_ms());
  }
  std::sort(totals.begin(), totals.end());
  std::sort(pauses.begin(), pauses.end());
  std::sort(worked.begin(), worked.end());
  std::printf("%-44s %7.0f ms in all, %.0f ms of a processor", what, totals[2], worked[2]);
  if (gibibytes > 0)
    std::printf(" (%.2f GiB/s; 1 wanted), pause %.0f ms a GiB (100 wanted)\n",
                gibibytes / totals[2] * 1000, pauses[2] / gibibytes);
  else
    std::printf(" (%.0f wanted), pause %.0f ms\n", total_target_ms, pauses[2]);
}

void heap(const char *what, unsigned pointers) {
  fill_heap(1024 * mebibyte, pointers);
  measure(what, 1, 0);
}

void tasks(const char *what, int n, std::size_t bytes, double target_ms) {
  fill_heap(bytes, 10);
  park_tasks(n);
  measure(what, 0, target_ms);
  gate.close();
}

/// One load; whether there is one of that name.
bool run(std::string_view load) {
  if (load == "heap")
    sluice::run([] { heap("1 GiB, one word in a hundred a pointer", 1); });
  else if (load == "pointers")
    sluice::run([] { heap("1 GiB, every other word a pointer", 50); });
  else if (load == "tasks")
    sluice::run([] { tasks("10,000 tasks, 100 MiB", 10'000, 100 * mebibyte, 100); });
  else if (load == "million")
    sluice::run([] { tasks("1,000,000 tasks", 1'000'000, 0, 2000); });
  else
    return false;
  return true;
}

} // namespace

int main(int argc, char **argv) {
  if (argc == 2 && run(argv[1])) {
    std::fflush(stdout);
    std::_Exit(0); // the heap is not worth tidying up
  }
  std::fprintf(stderr, "usage: sluice-leak-search heap | pointers | tasks | million\n");
  return 2;
}
