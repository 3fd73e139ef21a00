// Finding work, sleeping without losing a wake-up, and noticing that nothing is left to do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The rule that no wake-up is lost: who adds work first queues it, then looks for sleepers; who
// goes to sleep first enters the list of sleepers, then looks at all queues once more. A
// fence stands between the two steps on both sides, a light one with who adds work.
#include "core/scheduler.hpp"

#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/fork.hpp"
#include "core/interleaving.hpp"
#include "core/overflow_handler.hpp"
#include "core/procs.hpp"
#include "core/registry.hpp"
#include "core/switch.hpp"
#include "core/terminate.hpp"
#include "core/thief.hpp"

#include <algorithm>
#include <mutex>
#include <pthread.h>

namespace sluice::core {

constinit sleeper_state sleepers;
constinit shared_queue shared;
constinit shared_queue due;
constinit std::atomic<std::uint32_t> coarse_clock{0};

namespace {

struct scheduler_state {
  std::atomic<worker *> workers{nullptr}; // published last
  unsigned count = 0;
  spinlock guards_idle; // the list below and worker::idle
  worker *first_idle = nullptr;
  std::atomic<unsigned> searching{0};
  std::atomic<worker *> timekeeper{nullptr}; // the sleeper that wakes for the next timer
  std::atomic<std::uint64_t> outside_steps{0};
  std::atomic<unsigned> outside_work{0};
  std::atomic<bool> quiescence_told{false};
  std::atomic<bool> recheck_later{false};
  std::atomic<clock::rep> last_return{0}; // of memory to the system
  spinlock guards_start;
  bool start_forbidden = false; // a child of fork
};
constinit scheduler_state state;

void *worker_main(void *w) {
  catch_overflows_on_this_thread();
  work(*static_cast<worker *>(w));
  return nullptr;
}

void start_thread(worker &w) noexcept {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, std::size_t{1} << 20);
  pthread_t thread;
  if (pthread_create(&thread, &attributes, worker_main, &w) != 0)
    fatal("cannot start a scheduler thread");
  pthread_attr_destroy(&attributes);
}

void start_locked() noexcept {
  if (state.start_forbidden)
    fatal("a child of fork has only the forking task: call 'run' before 'go', or 'exec'");
  if (shadow_stack_active())
    fatal("shadow stacks are active; build with -fcf-protection=none or unset the tunable");
  refresh_coarse_clock();
  handle_forks();
  handle_overflows();
  name_task_on_terminate();
  state.count = options.procs ? options.procs : usable_processors();
  if (is_interleaved())
    state.count = 1;
  prepare_fences();
  if (events.scheduler_started)
    events.scheduler_started();
  auto *workers = new worker[state.count];
  state.workers.store(workers, std::memory_order_release);
  for (unsigned i = 0; i < state.count; ++i) {
    workers[i].index = i;
    workers[i].alone = state.count == 1;
    start_thread(workers[i]);
  }
}

bool anything_queued() noexcept {
  if (!shared.empty() || !due.empty())
    return true;
  worker *workers = state.workers.load(std::memory_order_relaxed); // constant once set
  for (unsigned i = 0; i < state.count; ++i)
    if (!workers[i].queue.empty() || workers[i].next.load(std::memory_order_relaxed))
      return true;
  return false;
}

// The lock on the list is held.
void unlist(worker &w) noexcept {
  worker **at = &state.first_idle;
  while (*at && *at != &w)
    at = &(*at)->next_idle;
  if (*at)
    *at = w.next_idle;
  w.idle.store(false, std::memory_order_relaxed); // read under the lock only
  sleepers.idle.fetch_sub(1);
}

worker *take_sleeper() noexcept {
  std::lock_guard hold(state.guards_idle);
  worker *w = state.first_idle;
  if (w)
    unlist(*w);
  return w;
}

bool lacks_timekeeper() noexcept {
  return next_timer() != clock::time_point::max() && !state.timekeeper.load();
}

void begin_search(worker &w) noexcept {
  w.searching = true;
  state.searching.fetch_add(1);
}

// Whether `w` was the last that searched.
bool stop_searching(worker &w) noexcept {
  if (!w.searching)
    return false;
  w.searching = false;
  return state.searching.fetch_sub(1) == 1;
}

// Who added work while someone searched has left it to the searchers, so the last of them to find
// some looks for more. And who goes off to run a task may have been the one that minded the timers,
// whether it was woken to search or by a deadline.
void end_search(worker &w, bool found) noexcept {
  const bool last = stop_searching(w);
  if (!found)
    return;
  w.watch_interval = {};
  w.tidied = false;
  if (w.slept) {
    state.quiescence_told.store(false, std::memory_order_relaxed); // a hint to workers alone
    if (events.resumed)
      events.resumed();
  }
  w.slept = false;
  if (last)
    heavy_fence(); // who finds nothing passes one before it sleeps
  if (lacks_timekeeper())
    wake_searcher();
  else if (last && anything_queued())
    invite_thieves(w);
}

runnable *look_at_own(worker &w) noexcept {
  if (w.picks_left == 0) {
    w.picks_left = picks_a_poll;
    if (runnable *t = take_shared(w))
      return t;
  }
  if (task *t = take_next(w)) {
    w.handed_over = true;
    return t;
  }
  if (runnable *t = due.pop())
    return t;
  if (runnable *t = w.queue.pop(w.alone))
    return t;
  return take_shared(w);
}

bool all_sleep() noexcept { return sleepers.idle.load() == state.count; }

// Whether every other worker sleeps.
bool only_one_awake() noexcept { return sleepers.idle.load() + 1 >= state.count; }

runnable *search(worker &w) noexcept {
  for (int round = 0; round < 3; ++round) {
    if (only_one_awake())
      if (runnable *t = take_shared(w))
        return t;
    if (runnable *t = take_overdue(w, state.workers.load(std::memory_order_relaxed), state.count))
      return t; // the workers are constant once set
    if (fire_timers())
      if (runnable *t = look_at_own(w))
        return t;
  }
  return nullptr;
}

void list_as_idle(worker &w) noexcept {
  std::lock_guard hold(state.guards_idle);
  w.next_idle = state.first_idle;
  state.first_idle = &w;
  w.idle.store(true, std::memory_order_relaxed); // read under the lock only
  sleepers.idle.fetch_add(1);
}

void leave_idle(worker &w) noexcept {
  std::lock_guard hold(state.guards_idle);
  if (w.idle.load(std::memory_order_relaxed)) // written under this lock only
    unlist(w);
  else if (!w.searching) {
    // A waker took it off the list and counted it as searching.
    w.searching = true;
  }
}

void tell_quiescence() noexcept {
  if (!events.quiescent || !is_quiescent())
    return;
  if (!state.quiescence_told.exchange(true))
    events.quiescent();
}

// Takes a role that one sleeper at most has; whether the caller has it now.
bool claim(std::atomic<worker *> &role, worker &w) noexcept {
  worker *nobody = nullptr;
  return role.compare_exchange_strong(nobody, &w);
}

void resign(std::atomic<worker *> &role, worker &w) noexcept {
  worker *self = &w;
  role.compare_exchange_strong(self, nullptr);
}

// The clock does not matter to a worker that is no timekeeper: one is enough.
clock::time_point claim_timer(worker &w) noexcept {
  if (is_interleaved())
    return wake_by();
  if (next_timer() == clock::time_point::max() || !claim(state.timekeeper, w))
    return clock::time_point::max();
  std::atomic_thread_fence(std::memory_order_seq_cst);
  return next_timer(); // an earlier one may have come before the claim could be seen
}

// When to look in by itself. What is queued where somebody works is not overdue yet, or it would
// have been taken; should that one compute for long, or wake nobody (worker::quiet), the watcher
// finds it. While all sleep nobody does, but for the one time that recheck_quiescence_later() asks
// for.
clock::time_point next_look(worker &w, bool watches) noexcept {
  constexpr auto recheck_interval = std::chrono::milliseconds(10);
  constexpr clock::duration shortest = std::chrono::milliseconds(1);
  constexpr clock::duration longest = std::chrono::milliseconds(4);
  if (state.recheck_later.exchange(false)) {
    state.quiescence_told.store(false);
    return real_now() + recheck_interval;
  }
  if (!watches)
    return clock::time_point::max();
  w.watch_interval = std::clamp(w.watch_interval * 2, shortest, longest);
  return real_now() + w.watch_interval;
}

constexpr auto idle_before_return = std::chrono::seconds(1);

// What was not needed for a second goes back to the system: stacks when some worker has nothing to
// do, seeds and the rest of the stacks once all have slept that long. Ends when `w` is wanted.
void return_idle_memory(const worker &w, bool all_have_slept) noexcept {
  const auto now = real_now().time_since_epoch().count();
  clock::rep last = state.last_return.load(std::memory_order_relaxed); // claimed by the exchange
  if (clock::duration(now - last) < idle_before_return)
    return;
  if (!state.last_return.compare_exchange_strong(last, now))
    return;
  while (!w.sleep.woken() && return_idle_stacks(all_have_slept)) {
  }
  if (!all_have_slept)
    return;
  std::lock_guard hold(state.guards_idle); // nobody wakes meanwhile
  if (all_sleep())
    return_idle_seeds(state.workers.load(std::memory_order_relaxed), state.count); // constant
}

bool has_returnable_memory() noexcept { return returnable_stacks() > 0 || returnable_seeds() > 0; }

bool sleep_in_search(worker &w, clock::time_point until) noexcept {
  const auto from = real_now();
  const bool woken = w.sleep.wait(until);
  follow_real_time(real_now() - from);
  return woken;
}

void sleep_until_work(worker &w) noexcept {
  refresh_coarse_clock();
  // First, or who finds this one asleep would wake it at once.
  bool watches = options.look_in && claim(sleepers.watcher, w);
  list_as_idle(w);
  heavy_fence();
  const bool last = all_sleep();
  if (watches && last) {
    resign(sleepers.watcher, w);
    watches = false;
  }
  const bool somebody_looks_in = !last && sleepers.watcher.load();
  if (somebody_looks_in || !anything_queued()) {
    tell_quiescence();
    auto until = std::min(claim_timer(w), next_look(w, watches));
    const bool tidies = last && !w.tidied && has_returnable_memory();
    if (tidies) // once: what is left then is in use
      until = std::min(until, real_now() + idle_before_return);
    w.tidied = w.tidied || tidies;
    const bool woken = is_interleaved() ? sleep_in_search(w, until) : w.sleep.wait(until);
    if (!woken)
      return_idle_memory(w, tidies && all_sleep());
    resign(state.timekeeper, w);
    w.slept = true;
  }
  resign(sleepers.watcher, w);
  leave_idle(w);
  refresh_coarse_clock();
}

} // namespace

runnable *take_shared(worker &w) noexcept {
  const std::uint32_t share = std::min(shared.count() / state.count + 1, run_queue::portion);
  runnable_list rest;
  runnable *t = shared.pop(rest, share);
  while (runnable *more = rest.pop())
    w.queue.push(more, shared);
  return t;
}

void start_scheduler() noexcept {
  if (state.workers.load(std::memory_order_acquire)) [[likely]]
    return;
  std::lock_guard hold(state.guards_start);
  if (!state.workers.load(std::memory_order_relaxed)) // written under this lock only
    start_locked();
}

void allow_start_after_fork() noexcept {
  std::lock_guard hold(state.guards_start);
  state.start_forbidden = false;
}

unsigned worker_count() noexcept {
  return state.workers.load(std::memory_order_acquire) ? state.count : 0;
}

void wake_searcher() noexcept {
  for (;;) {
    light_fence();
    if (sleepers.idle.load(std::memory_order_relaxed) == 0) // ordered by the fence
      return;
    unsigned none = 0;
    if (!state.searching.compare_exchange_strong(none, 1))
      return;
    if (worker *w = take_sleeper()) {
      w->sleep.wake();
      return;
    }
    // The sleeper had woken by itself. Others who added work meanwhile have relied on a searcher
    // that was not there, while a worker may have gone to sleep: so look for sleepers again.
    state.searching.fetch_sub(1);
  }
}

void make_ready(runnable *r) noexcept {
  worker *w = this_worker();
  if (!w) {
    note_outside_step();
    shared.push(r);
    wake_searcher();
    return;
  }
  if (w->current) {
    queue_up(*w, r);
    return;
  }
  due.push(r); // by a timer, as nothing else runs on a worker's own stack
  if (!w->alone)
    invite_thieves(*w);
}

namespace {

runnable *find_interleaved(worker &w) noexcept {
  for (;;) {
    if (runnable *r = pick_interleaved(w)) {
      end_search(w, true);
      return r;
    }
    sleep_until_work(w);
  }
}

} // namespace

runnable *find_work(worker &w) noexcept {
  if (is_interleaved())
    return find_interleaved(w);
  for (;;) {
    const bool fired = fire_timers();
    runnable *t = look_at_own(w);
    if (!t && !fired) {
      if (!w.searching && state.searching.load() * 2 < state.count)
        begin_search(w);
      if (w.searching)
        t = search(w);
    }
    if (t) {
      end_search(w, true);
      return t;
    }
    if (fired)
      continue;
    end_search(w, false);
    sleep_until_work(w);
  }
}

void earlier_timer() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (worker *w = state.timekeeper.load())
    w->sleep.wake();
  else
    wake_searcher();
}

void recheck_quiescence() noexcept {
  if (!events.quiescent)
    return;
  state.quiescence_told.store(false);
  wake_searcher();
}

void recheck_quiescence_later() noexcept {
  if (!events.quiescent)
    return;
  state.recheck_later.store(true);
  wake_searcher();
}

void begin_outside_work() noexcept {
  note_outsider();
  state.outside_work.fetch_add(1);
}
void end_outside_work() noexcept { state.outside_work.fetch_sub(1); }
bool outside_work_under_way() noexcept { return state.outside_work.load() != 0; }

void note_outside_step() noexcept { state.outside_steps.fetch_add(1); }
std::uint64_t outside_steps() noexcept { return state.outside_steps.load(); }

bool is_quiescent(unsigned running) noexcept {
  return sleepers.idle.load() + running == state.count && state.outside_work.load() == 0 &&
         (next_timer() == clock::time_point::max() || time_stands_still()) && !anything_queued();
}

bool all_workers_sleep() noexcept { return all_sleep(); }

clock::time_point refresh_coarse_clock() noexcept {
  const auto now = real_now();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch());
  coarse_clock.store(static_cast<std::uint32_t>(ms.count()), std::memory_order_relaxed); // a hint
  return now;
}

void lock_scheduler() noexcept {
  state.guards_start.lock();
  state.guards_idle.lock();
  shared.guards_list.lock();
  due.guards_list.lock();
}

void unlock_scheduler() noexcept {
  due.guards_list.unlock();
  shared.guards_list.unlock();
  state.guards_idle.unlock();
  state.guards_start.unlock();
}

void forget_scheduler() noexcept {
  state.workers.store(nullptr);
  state.count = 0;
  shared.forget();
  due.forget();
  state.first_idle = nullptr;
  sleepers.idle.store(0);
  state.searching.store(0);
  state.timekeeper.store(nullptr);
  sleepers.watcher.store(nullptr);
  state.outside_work.store(0);
  state.start_forbidden = true;
}

} // namespace sluice::core
