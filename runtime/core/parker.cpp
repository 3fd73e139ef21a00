// Sleeping on a futex, or on a condition variable where there is none.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/parker.hpp"

#include "core/spinlock.hpp"

#include <algorithm>
#include <cerrno>
#include <time.h>

#ifdef __linux__
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>
#else
#include <condition_variable>
#include <mutex>
#endif

namespace sluice::core {
namespace {

constexpr std::uint32_t empty = 0;
constexpr std::uint32_t token = 1;
constexpr std::uint32_t asleep = 2;

#ifdef __linux__
// An absolute deadline, so that early returns do not stretch the wait.
void sleep_on(std::atomic<std::uint32_t> &word, clock::time_point deadline) noexcept {
  timespec until{};
  timespec *limit = nullptr;
  if (deadline != clock::time_point::max()) {
    const auto ns = std::chrono::nanoseconds(deadline.time_since_epoch()).count();
    until.tv_sec = static_cast<time_t>(ns / 1000000000);
    until.tv_nsec = static_cast<long>(ns % 1000000000);
    limit = &until;
  }
  const int kept = errno;
  syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, asleep, limit, nullptr,
          FUTEX_BITSET_MATCH_ANY);
  errno = kept;
}

void rouse(std::atomic<std::uint32_t> &word) noexcept {
  const int kept = errno;
  syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0);
  errno = kept;
}
#else
// One pair for all sleepers: simple, and only for systems that are not tuned for.
std::mutex &gate() {
  static auto *m = new std::mutex;
  return *m;
}
std::condition_variable &bell() {
  static auto *c = new std::condition_variable;
  return *c;
}

void sleep_on(std::atomic<std::uint32_t> &word, clock::time_point deadline) noexcept {
  std::unique_lock hold(gate());
  const auto roused = [&] { return word.load(std::memory_order_relaxed) != asleep; };
  if (deadline == clock::time_point::max())
    bell().wait(hold, roused);
  else
    bell().wait_until(hold, deadline, roused);
}

void rouse(std::atomic<std::uint32_t> &) noexcept {
  {
    std::lock_guard hold(gate());
  }
  bell().notify_all();
}
#endif

} // namespace

clock::time_point real_now() noexcept { return std::chrono::steady_clock::now(); }

bool parker::wait(clock::time_point deadline) noexcept {
  for (;;) {
    std::uint32_t seen = token;
    if (word.compare_exchange_strong(seen, empty, std::memory_order_acquire))
      return true;
    seen = empty;
    word.compare_exchange_strong(seen, asleep, std::memory_order_relaxed);
    if (deadline != clock::time_point::max() && real_now() >= deadline)
      return word.exchange(empty, std::memory_order_acquire) == token;
    sleep_on(word, deadline);
  }
}

bool parker::woken() const noexcept {
  return word.load(std::memory_order_relaxed) == token; // the wait() orders it
}

// A sleep and its wake-up take both threads longer than these pauses. What woke nobody in time is
// tried ever more seldom, as on a busy machine the other thread may need this very processor.
void parker::watch_for_wake() noexcept {
  constexpr int pauses = 256, most_left_out = 31;
  if (left_out > 0) {
    --left_out;
    return;
  }
  for (int i = 0; i < pauses; ++i) {
    if (woken()) {
      in_vain = 0;
      return;
    }
    relax_cpu();
  }
  in_vain = std::min(in_vain * 2 + 1, most_left_out);
  left_out = in_vain;
}

void parker::wake() noexcept {
  if (word.exchange(token, std::memory_order_release) == asleep)
    rouse(word);
}

} // namespace sluice::core
