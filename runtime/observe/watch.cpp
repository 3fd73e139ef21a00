// Looks for deadlocks while the program runs: when, and how often.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Somebody who waits is due when it has waited for 1, 2, 4, ... times `deadlock_ms`; then all are
// judged. A deadlock is closed by the last who begins to wait, so that one's first turn finds it.
// What the judge says of stopped threads might be wrong if a pointer is on its way just then, in a
// place that nobody looks at; so it is asked twice, and only what it says both times of the same
// wait counts.
//
// While all workers sleep and everybody who waits has had a turn, nothing can change but by a
// thread that is not ours; without such threads the watch sleeps until it is roused.
#include "observe/watch.hpp"

#include "core/park.hpp"
#include "core/scheduler.hpp"
#include "memory/world.hpp"
#include "observe/deadlock.hpp"
#include "observe/detector.hpp"

#include <algorithm>
#include <csignal>
#include <ctime>
#include <limits>
#include <pthread.h>
#include <set>
#include <thread>
#include <utility>

namespace sluice::observe {
namespace {

using ms = std::chrono::milliseconds;

struct watch_state {
  std::atomic<bool> started{false};
  std::atomic<bool> rests{false}; // until it is roused
  core::parker bell;
  unsigned first_ms = 0;
};
constinit watch_state watch;

std::uint32_t now_ms() noexcept {
  core::refresh_coarse_clock();
  return core::coarse_now();
}

/// What the calling thread has used.
std::chrono::nanoseconds processor_time() noexcept {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

/// The first age after `age` at which somebody who waits is due. Ages below zero are of waits that
/// have begun since.
std::int64_t next_age(std::int64_t age) noexcept {
  std::int64_t due = watch.first_ms;
  while (due <= age)
    due *= 2;
  return due;
}

/// Who waits, and when somebody is due next after the moment `last`.
struct census {
  std::uint32_t last;
  std::size_t waiting = 0;
  std::size_t known_threads = 0;
  bool all_threads_wait = true;
  bool all_judged = true;                                       // once at least
  std::int64_t next = std::numeric_limits<std::int64_t>::max(); // after `last`, in milliseconds

  explicit census(std::uint32_t last) noexcept : last(last) {
    core::for_each_task([](core::task &t, void *c) { static_cast<census *>(c)->look_at(t); }, this);
    core::for_each_thread(
        [](core::thread_record &t, void *c) { static_cast<census *>(c)->look_at(t); }, this);
  }

  void look_at(const core::execution &e) noexcept {
    if (!waits(e) || waits_for_main(e))
      return;
    ++waiting;
    // The difference of two readings of a clock that wraps around.
    const std::int64_t age = static_cast<std::int32_t>(last - e.since);
    const std::int64_t due = next_age(age);
    next = std::min(next, due - age);
    all_judged = all_judged && due > watch.first_ms;
  }

  void look_at(const core::thread_record &t) noexcept {
    ++known_threads;
    all_threads_wait = all_threads_wait && (t.is_own() || waits(t));
    if (!t.is_own())
      look_at(static_cast<const core::execution &>(t));
  }

  /// Whether a thread may do something that nobody tells the watch of.
  bool has_strangers() const noexcept {
    return !all_threads_wait || known_threads < memory::thread_count();
  }
};

/// What the judge has said once, without a pointer that would make anything reachable.
using waits_seen = std::set<std::pair<std::uint64_t, std::uint32_t>>;

/// Judges all who wait, of which only what `before` knows counts, if there is that; whether a
/// deadlock is among them.
struct look {
  const waits_seen *before = nullptr;
  waits_seen stuck;
  std::vector<report::finding> found;

  void operator()(const asker &from) {
    seen_list seen;
    const certainty c = judge(from, seen, wanted::cycles);
    if (!c.complete())
      return;
    bool all_stuck = c.all_stuck;
    std::set<std::uint32_t> unsure;
    for (seen_task &t : seen) {
      if (t.judged != verdict::leaked)
        continue;
      stuck.insert({t.id, t.since});
      if (before && !before->contains({t.id, t.since})) {
        unsure.insert(t.cycle);
        all_stuck = false;
      }
    }
    for (seen_task &t : seen)
      if (unsure.contains(t.cycle))
        t.cycle = 0;
    found = before ? deadlocks_among(seen, all_stuck) : std::vector<report::finding>{};
    any = all_stuck ||
          std::any_of(seen.begin(), seen.end(), [](const seen_task &t) { return t.cycle != 0; });
  }

  bool any = false;

  /// Nothing above the asker's frame may hold what an earlier look has found.
  void take() {
    with_asker([](const asker &from, void *arg) { (*static_cast<look *>(arg))(from); }, this);
  }
};

void look_twice() {
  constexpr ms apart{10};
  // Where there is no worker, nobody else asks that.
  if (core::all_workers_sleep())
    report_if_at_rest(nullptr);
  look first;
  first.take();
  if (!first.any)
    return;
  std::this_thread::sleep_for(apart);
  look second;
  second.before = &first.stuck;
  second.take();
  for (report::finding &f : second.found)
    report_deadlock(std::move(f));
}

/// A worker that only fires a timer now and then does not count.
bool all_seem_to_sleep() noexcept {
  for (int tries = 3; tries > 0; --tries) {
    if (core::all_workers_sleep())
      return true;
    std::this_thread::sleep_for(ms(1));
  }
  return false;
}

/// Sleeps until somebody is due, not before `earliest`; the moment up to which all have been judged
/// that were due.
std::uint32_t sleep_until_due(std::uint32_t last, clock::time_point earliest) noexcept {
  watch.rests.store(true); // before the look at the workers, see all_workers_sleep()
  const census c(last);
  const bool asleep = core::all_workers_sleep();
  auto until = clock::time_point::max();
  if (asleep && c.all_judged && !c.has_strangers()) {
    watch.bell.wait();
    watch.rests.store(false);
    return now_ms();
  }
  watch.rests.store(false);
  const std::uint32_t passed = now_ms() - last;
  std::int64_t wait = c.next;
  if (!asleep) // somebody may begin to wait at any moment
    wait = std::min<std::int64_t>(wait, passed + watch.first_ms);
  if (wait != std::numeric_limits<std::int64_t>::max())
    until = std::max(earliest, core::real_now() + ms(std::max<std::int64_t>(wait - passed, 1)));
  watch.bell.wait(until);
  return last;
}

[[noreturn]] void *keep_watch(void *) {
  core::this_thread()->is_watch = true;
  auto earliest = clock::time_point::min();
  for (std::uint32_t last = now_ms();;) {
    last = sleep_until_due(last, earliest);
    const auto begin = processor_time();
    const std::uint32_t now = now_ms();
    const census c(last);
    // One alone waits for nobody but who is not there, and that matters when all are at rest.
    if (c.next <= static_cast<std::int64_t>(now - last) && (c.waiting > 1 || all_seem_to_sleep()))
      look_twice();
    last = now;
    // At most 1 % of the processor; who waits for one on a busy machine uses none.
    earliest = core::real_now() + 100 * (processor_time() - begin);
  }
}

} // namespace

void start_watch(unsigned deadlock_ms) noexcept {
  if (watch.started.load(std::memory_order_relaxed) || watch.started.exchange(true)) // only a hint
    return;
  watch.first_ms = deadlock_ms;
  // The program's signals are for its own threads. Faults and the stop of the world are not
  // blocked.
  sigset_t blocked, before;
  sigemptyset(&blocked);
  for (int s : {SIGHUP, SIGINT, SIGQUIT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGTERM, SIGCHLD,
                SIGURG, SIGWINCH, SIGIO, SIGPROF, SIGVTALRM})
    sigaddset(&blocked, s);
  pthread_sigmask(SIG_BLOCK, &blocked, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, std::size_t{8} << 20); // it names symbols
  pthread_t thread;
  pthread_create(&thread, &attributes, keep_watch, nullptr); // without it fewer deadlocks are found
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void rouse_watch() noexcept {
  if (watch.rests.load() && watch.rests.exchange(false))
    watch.bell.wake();
}

void forget_watch() noexcept {
  watch.started.store(false);
  watch.rests.store(false);
}

} // namespace sluice::observe
