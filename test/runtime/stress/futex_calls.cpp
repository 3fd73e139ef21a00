// Stands in front of the C library's syscall(). It takes the time-out from each sleep of a
// scheduler thread that would end by itself, so that a wake-up which was lost stays lost.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A sleeper looks in on the others after 10 ms (claim_watch in core/scheduler.cpp). A timer's
// moment must stay, so the tests that are linked with this have no timer which is due in 8 to 11
// ms. What else would rouse sleepers unasked is the search for deadlocks, which is switched off.
#include "futex_calls.hpp"

#include "core/event.hpp"
#include "core/parker.hpp"
#include "core/worker.hpp"

#include <atomic>
#include <cstdarg>
#include <dlfcn.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

std::atomic<unsigned long> sleeps{0};
std::atomic<unsigned long> taken{0};
std::atomic<int> dawdling{0};

const bool no_search_for_deadlocks = [] {
  core::events.quiescent = nullptr;
  return true;
}();

bool is_look_in(const timespec *until) noexcept {
  const auto when = std::chrono::seconds(until->tv_sec) + std::chrono::nanoseconds(until->tv_nsec);
  const auto left = clock::time_point(when) - core::real_now();
  return left > 8ms && left < 11ms;
}

/// The time-out that a sleep of this thread may have.
long allowed(long until) noexcept {
  if (!core::this_worker())
    return until;
  sleeps.fetch_add(1, std::memory_order_relaxed); // only counted
  if (until == 0 || !is_look_in(reinterpret_cast<const timespec *>(until)))
    return until;
  taken.fetch_add(1, std::memory_order_relaxed);
  return 0;
}

} // namespace

unsigned long worker_sleeps() noexcept { return sleeps.load(); }
unsigned long time_outs_taken() noexcept { return taken.load(); }

dawdling_wakers::dawdling_wakers() noexcept { ++dawdling; }
dawdling_wakers::~dawdling_wakers() { --dawdling; }

namespace {

void dawdle() noexcept {
  const timespec a_while{0, 300000};
  if (dawdling.load(std::memory_order_relaxed) != 0) // a test's own threads come after it is set
    nanosleep(&a_while, nullptr);
}

} // namespace

} // namespace sluice::test

extern "C" long syscall(long number, ...) noexcept {
  static const auto real = reinterpret_cast<long (*)(long, ...)>(dlsym(RTLD_NEXT, "syscall"));
  va_list list;
  va_start(list, number);
  long a[6];
  for (long &one : a)
    one = va_arg(list, long);
  va_end(list);
  if (number == SYS_futex && a[1] == FUTEX_WAIT_BITSET_PRIVATE)
    a[3] = sluice::test::allowed(a[3]);
  const long result = real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (number == SYS_futex && a[1] == FUTEX_WAKE_PRIVATE)
    sluice::test::dawdle();
  return result;
}
