// The way from one task to the next, inline in whoever parks: each return after a switch is one the
// processor does not foresee.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// No thread-local may be read in a function that holds a switch, see this_worker(): the worker
// comes from the task (execution::runs_on) before the switch, and through it afterwards.
#pragma once

#include "core/fork.hpp"
#include "core/interleaving.hpp"
#include "core/park.hpp"
#include "core/scheduler.hpp"
#include "core/worker.hpp"

#include <utility>

namespace sluice::core {

constexpr std::int32_t operations_a_look = 128;
constexpr std::int32_t looks_a_slice = 8;
constexpr std::uint32_t picks_a_poll = 61;

/// Gives the task that runs next a new slice of operations and time.
inline void begin_slice(worker &w) noexcept {
  w.budget = operations_a_look;
  w.quanta = looks_a_slice;
  w.slice_end = clock::time_point::min(); // the first look sets it
}

/// begin_operation() if that has nothing to do but to count; else null, and it is to be called.
/// Only for functions that hold no switch: they may end with a call of one that does.
#ifdef SLUICE_TSAN
// A worker's words belong to core, which is compiled without thread instrumentation: it would take
// tasks on one worker for racing threads.
inline task *begin_quickly() noexcept { return nullptr; }
/// The same for begin_release().
inline task *release_quickly() noexcept { return nullptr; }
#else
[[gnu::always_inline]] inline task *begin_quickly() noexcept {
  worker *w = the_worker;
  if (!w || !w->current || w->budget <= 1) [[unlikely]]
    return nullptr;
  --w->budget;
  return w->current;
}

/// The same for begin_release().
[[gnu::always_inline]] inline task *release_quickly() noexcept {
  worker *w = the_worker;
  return w && w->budget != interleaved_budget ? w->current : nullptr;
}
#endif

/// The next task without looking further than this worker's own places. Null now and then, so that
/// timers and the shared queue get their turn.
inline runnable *pick_nearby(worker &w) noexcept {
  if (--w.picks_left == 0) [[unlikely]]
    return nullptr;
  if (task *t = take_next(w))
    return t; // goes on with the slice of who handed over, so that a pair cannot starve the rest
  runnable *r = due.pop();
  if (!r)
    r = w.queue.pop(w.alone);
  if (r)
    begin_slice(w);
  return r;
}

/// Most tasks have no exception under way when they switch.
inline void swap_exceptions(worker &w, exception_globals &out,
                            const exception_globals &in) noexcept {
  const exception_globals now = *w.thread_exceptions;
  if (!now.caught && !now.uncaught && !in.caught && !in.uncaught && !out.caught && !out.uncaught)
      [[likely]]
    return;
  out = now;
  *w.thread_exceptions = in;
}

[[gnu::always_inline]] inline worker *enter_task(worker *w, task *to, saved_context &from,
                                                 sanitizer_stack &from_sanitizer,
                                                 bool dying) noexcept {
  w->current = to;
  to->runs_on = w;
  w->turns.store(w->turns.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  leave_stack(from_sanitizer, to->stack.sanitizer, to->stack.bottom, to->stack.top, dying);
  return static_cast<worker *>(switch_context(from, to->saved, w));
}

/// Enters in the books what `who` is about to wait for.
inline void note_wait(execution &who, const wait_info &info, bool has_deadline) noexcept {
  who.reason = info.reason;
  who.has_deadline = has_deadline;
  who.since = coarse_now();
  who.all_count = info.count;
  who.on = info.on;
  who.where = info.where;
  who.all = info.all;
}

/// Leaves `self` for `next`, or for whatever can be found if that is null. w->after is filled in.
worker *leave_for(worker *w, task *self, runnable *next) noexcept;

/// Done on every stack that is entered, for the one that was left.
void settle(worker &w) noexcept;

/// The part of settle() for who has parked with w.after.unlock. Nothing is copied: a stale pointer
/// on this stack would keep the primitive reachable.
inline void end_park(worker &w) noexcept {
  spinlock *held = std::exchange(w.after.unlock, nullptr);
  task *left = std::exchange(w.after.left, nullptr);
  left->state.store(run_state::blocked, std::memory_order_release);
  held->unlock();
}

/// Ends the process if the task must not park, or has run over the end of its stack.
void check_departure(const task &t) noexcept;

/// park_unlocking() for ordinary threads, and for all where it is not inline.
void park_off_path(execution *me, const wait_info &info, spinlock &lock) noexcept;

/// Makes `who`, whose wait has ended, ready, to run next on the scheduler thread of `waker`, who
/// calls this.
void unpark_next(execution *who, const execution *waker) noexcept;

/// The same, but `who` queues up behind the others that are ready.
void unpark_later(execution *who, const execution *waker) noexcept;

/// Parks the caller, whose waiter stands in a queue that `lock` guards, and gives that back. There
/// is no deadline and no ticket: whoever takes the waiter out unparks it.
void park_unlocking(execution *me, const wait_info &info, spinlock &lock) noexcept;

// Sanitizers have to see both from core, see sanitizer.hpp.
#if !defined(SLUICE_ASAN) && !defined(SLUICE_TSAN)

/// Ends the wait of a task that a task wakes. False: one of them is a thread, and `who` was woken.
inline bool end_wait(execution *who, const execution *waker) noexcept {
  if (!who->is_task || !waker->is_task) [[unlikely]] {
    unpark(who);
    return false;
  }
  happens_before(who);
  who->state.store(run_state::runnable, std::memory_order_release);
  return true;
}

inline void unpark_next(execution *who, const execution *waker) noexcept {
  if (end_wait(who, waker))
    hand_over(*waker->runs_on, static_cast<task *>(who));
}

inline void unpark_later(execution *who, const execution *waker) noexcept {
  if (end_wait(who, waker))
    queue_up(*waker->runs_on, static_cast<task *>(who));
}

[[gnu::always_inline]] inline void park_unlocking(execution *me, const wait_info &info,
                                                  spinlock &lock) noexcept {
  if (!me->is_task) [[unlikely]]
    return park_off_path(me, info, lock);
  note_wait(*me, info, false);
  task *self = static_cast<task *>(me);
  worker *w = self->runs_on;
  w->after.left = self;
  w->after.unlock = &lock;
  if (parking_forbidden() || self->stack.has_canary) [[unlikely]]
    check_departure(*self);
  runnable *ready = pick_nearby(*w);
  if (!ready || ready->is_seed) [[unlikely]] {
    leave_for(w, self, ready);
    return;
  }
  task *next = static_cast<task *>(ready);
  const int kept = *w->thread_errno;
  swap_exceptions(*w, self->exceptions, next->exceptions);
  w = enter_task(w, next, self->saved, self->stack.sanitizer, false);
  enter_stack(self->stack.sanitizer);
  if (w->after.unlock) [[likely]]
    end_park(*w);
  else
    settle(*w);
  *w->thread_errno = kept;
}

#endif

} // namespace sluice::core
