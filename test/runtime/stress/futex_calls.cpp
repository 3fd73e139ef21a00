// Stands in front of the C library's syscall(), and has no scheduler thread look in on the others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// So a wake-up that was lost stays lost. What else would rouse sleepers unasked is the search for
// deadlocks, which is switched off.
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
std::atomic<unsigned long> short_sleeps{0};
std::atomic<int> dawdling{0};

const bool nobody_wakes_unasked = [] {
  core::events.quiescent = nullptr;
  core::options.look_in = false;
  return true;
}();

void count_sleep(const timespec *until) noexcept {
  if (!core::this_worker())
    return;
  sleeps.fetch_add(1, std::memory_order_relaxed); // only counted
  if (!until)
    return;
  const auto when = std::chrono::seconds(until->tv_sec) + std::chrono::nanoseconds(until->tv_nsec);
  if (clock::time_point(when) - core::real_now() < 100ms)
    short_sleeps.fetch_add(1, std::memory_order_relaxed); // only counted
}

} // namespace

unsigned long worker_sleeps() noexcept { return sleeps.load(); }
unsigned long short_worker_sleeps() noexcept { return short_sleeps.load(); }

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
    sluice::test::count_sleep(reinterpret_cast<const timespec *>(a[3]));
  const long result = real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  if (number == SYS_futex && a[1] == FUTEX_WAKE_PRIVATE)
    sluice::test::dawdle();
  return result;
}
