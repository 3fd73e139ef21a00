// One scheduler thread: its queue, what runs on it, and what has to happen after a switch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/parker.hpp"
#include "core/run_queue.hpp"
#include "core/stack_pool.hpp"
#include "core/task.hpp"
#include "core/thread_record.hpp"
#include "core/timer_heap.hpp"

#include <cstdint>

namespace sluice::core {

/// What the stack that is entered does for the one that was left: only then is that one safe to
/// wake, to queue or to use again.
struct departure {
  task *left = nullptr;
  spinlock *unlock = nullptr;        // guards the queue that `left` stands in: all there is to do
  void (*release)(void *) = nullptr; // gives back the locks of the queues `left` stands in
  void *arg = nullptr;
  timer_node *deadline = nullptr; // to be armed before the release
  task *dead = nullptr;           // one that has ended
  bool parked = false;
  bool yielded = false; // `left` goes to the end of the shared queue
};

/// A scheduler thread. What stands before `next` is touched by that thread alone.
struct worker {
  task *current = nullptr; // null: the scheduler's own stack runs
  departure after;
  saved_context own; // the thread's stack, while a task runs
  sanitizer_stack own_sanitizer;
  char *own_bottom = nullptr;
  char *own_top = nullptr;
  exception_globals own_exceptions;
  exception_globals *thread_exceptions = nullptr; // where the C++ runtime keeps this thread's
  int *thread_errno = nullptr;
  thread_record *record = nullptr;
  std::int32_t budget = 0; // operations until the clock is looked at
  std::int32_t quanta = 0; // such looks until a yield
  clock::time_point slice_end;
  std::uint32_t picks_left = 1; // until timers and the shared queue get their turn
  std::uint32_t quiet_left = 0;
  std::uint64_t random = 0;
  unsigned index = 0;
  bool alone = false; // the only one there is
  bool searching = false;
  bool handed_over = false;          // what find_work() found goes on with the slice of who woke it
  bool slept = false;                // since it last found a task
  bool tidied = false;               // has seen to idle memory since it last found a task
  clock::duration watch_interval{0}; // as long as it looked in last, in vain
  task_cache tasks;                  // free ones, with their stacks
  runnable_list free_seeds;          // to be used again without a lock
  std::uint64_t next_id = 0;         // of a block of ids up to last_id
  std::uint64_t last_id = 0;

  alignas(64) std::atomic<task *> next{nullptr}; // runs before the queue; thieves wait 50 us for it
  std::atomic<std::uint32_t> turns{0};           // switches so far; only ever compared
  std::atomic<std::uint32_t> quiet{0}; // hand-overs to wake nobody for, as that was in vain
  std::atomic<bool> idle{false};       // guarded by the idle list's lock when written
  worker *next_idle = nullptr;
  run_queue queue;
  parker sleep;
};

/// Takes what is to run next on the caller's own worker.
inline task *take_next(worker &w) noexcept {
  task *t = w.next.load(std::memory_order_relaxed);
  if (!t)
    return nullptr;
  if (w.alone) { // there are no thieves
    w.next.store(nullptr, std::memory_order_relaxed);
    return t;
  }
  return w.next.compare_exchange_strong(t, nullptr, std::memory_order_acq_rel) ? t : nullptr;
}

/// Puts a task there; what stood there before.
inline task *put_next(worker &w, task *t) noexcept {
  if (!w.alone)
    return w.next.exchange(t, std::memory_order_acq_rel);
  task *old = w.next.load(std::memory_order_relaxed);
  w.next.store(t, std::memory_order_relaxed); // nobody else looks there
  return old;
}

/// The worker that the caller runs on, or null. Never inlined, see self().
[[gnu::noinline]] worker *this_worker() noexcept;

/// What this_worker() returns, for begin_quickly() alone.
[[gnu::tls_model("initial-exec")]] extern constinit thread_local worker *the_worker;

/// Makes the calling thread a worker; returns only in a child of fork.
void work(worker &w) noexcept;

/// Leaves the calling task for whatever is ready; returns when it is resumed, with the worker that
/// resumed it. The caller has filled in w->after.
worker *leave(worker *w, task *self) noexcept;

} // namespace sluice::core
