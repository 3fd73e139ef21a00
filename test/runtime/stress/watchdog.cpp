// The watchdog of the stress tests.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "watchdog.hpp"

#include "core/registry.hpp"
#include "core/scheduler.hpp"
#include "core/task.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

namespace sluice::test {
namespace {

// A step takes a few ten milliseconds, or a second where an instrumented build shares its machine.
#if defined(__SANITIZE_ADDRESS__) || defined(SLUICE_ASAN) || defined(SLUICE_TSAN)
constexpr int patience = 60;
#else
constexpr int patience = 20;
#endif

std::atomic<const char *> step{nullptr};
std::atomic<std::uint64_t> step_seed{0};
std::atomic<std::uint64_t> steps{0};

void print_task(core::task &t, void *) {
  std::fprintf(stderr, "  task %llu: state %d, wait reason %d, at %s:%u\n",
               static_cast<unsigned long long>(t.id), static_cast<int>(t.state.load()),
               static_cast<int>(t.reason), t.where.file_name(), t.where.line());
}

[[noreturn]] void bite() {
  std::fprintf(stderr,
               "watchdog: '%s' with seed %llu on %u scheduler threads has not ended for %d s; "
               "a wake-up was lost, or the tasks below go round in circles\n",
               step.load(), static_cast<unsigned long long>(step_seed.load()), core::worker_count(),
               patience);
  core::for_each_task(print_task, nullptr);
  std::abort();
}

void keep_watch() {
  std::uint64_t last = 0;
  for (int idle = 0;;) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const std::uint64_t now = steps.load();
    idle = now == last && step.load() ? idle + 1 : 0;
    last = now;
    if (idle == patience)
      bite();
  }
}

} // namespace

void start_watchdog() { std::thread(keep_watch).detach(); }

void watch(const char *what, std::uint64_t seed) noexcept {
  step_seed.store(seed);
  step.store(what);
  steps.fetch_add(1);
}

void unwatch() noexcept { step.store(nullptr); }

} // namespace sluice::test
