// Parking and waking of tasks and threads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants: who parks has entered its ticket in queues whose locks `release` gives back, so
// nobody can wake it before it is off its stack; the one that claims the ticket unparks it exactly
// once.
#include "core/park.hpp"

#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/fork.hpp"
#include "core/interleaving.hpp"
#include "core/sanitizer.hpp"
#include "core/scheduler.hpp"
#include "core/switch.hpp"
#include "core/thread_record.hpp"
#include "core/timer_heap.hpp"

#include <chrono>

namespace sluice::core {
namespace {

// The end of a wait with a deadline; lives on the parked stack, like the ticket.
struct deadline_node : timer_node {
  ticket *of = nullptr;

  static void expire(timer_node *n) {
    ticket &t = *static_cast<deadline_node *>(n)->of;
    execution *who = t.who;
    if (t.claim(ticket::timed_out))
      unpark(who);
  }
};

// The worker pointer goes through leave(), so nothing here reads a thread-local after it.
void switch_away(task *self, void (*release)(void *), void *arg, timer_node *deadline) noexcept {
  worker *w = this_worker();
  w->after.left = self;
  w->after.parked = true;
  w->after.release = release;
  w->after.arg = arg;
  w->after.deadline = deadline;
  leave(w, self);
  happens_after(self);
}

std::int32_t park_task(task *self, ticket &t, void (*release)(void *), void *arg,
                       clock::time_point deadline) noexcept {
  if (deadline == clock::time_point::max()) {
    switch_away(self, release, arg, nullptr);
  } else {
    deadline_node node;
    node.fire = deadline_node::expire;
    node.when = deadline;
    node.of = &t;
    switch_away(self, release, arg, &node);
    // Who claimed it as timed out does not touch the node any more.
    if (t.winner.load(std::memory_order_acquire) != ticket::timed_out)
      disarm(node);
  }
  return t.winner.load(std::memory_order_acquire);
}

// A thread that rests may be what the last quiet moment was missing; it says so only after a while,
// so that threads which pass a baton wake nobody else.
void sleep_without_end(thread_record &self) noexcept {
  constexpr auto a_while = std::chrono::milliseconds(10);
  if (self.sleep.wait(real_now() + a_while))
    return;
  recheck_quiescence();
  self.sleep.wait();
}

void sleep_until_unparked(thread_record &self, ticket &t, clock::time_point deadline) noexcept {
  if (deadline == clock::time_point::max()) {
    sleep_without_end(self);
    return;
  }
  begin_outside_work();
  const bool woken = self.sleep.wait(deadline);
  end_outside_work();
  if (woken || t.claim(ticket::timed_out))
    return;
  self.sleep.wait(); // someone has claimed the ticket and is about to wake us
}

std::int32_t park_thread(thread_record &self, ticket &t, void (*release)(void *), void *arg,
                         clock::time_point deadline) noexcept {
  if (alone_after_fork() && deadline == clock::time_point::max())
    fatal("a child of fork cannot wait here: whoever could wake it is not there; call 'run' or "
          "'exec'");
  self.state.store(run_state::blocked, std::memory_order_release);
  if (release)
    release(arg);
  if (events.about_to_wait && self.reason != wait_reason::sleep)
    events.about_to_wait(self);
  if (self.reason != wait_reason::sleep)
    self.sleep.watch_for_wake();
  sleep_until_unparked(self, t, deadline);
  self.state.store(run_state::runnable, std::memory_order_release);
  happens_after(&self);
  return t.winner.load(std::memory_order_acquire);
}

} // namespace

execution *self() noexcept {
  worker *w = this_worker();
  return w && w->current ? static_cast<execution *>(w->current) : this_thread();
}

std::int32_t park(ticket &t, const wait_info &info, void (*release)(void *), void *arg,
                  clock::time_point deadline) noexcept {
  execution *who = t.who;
  if (!who->is_task)
    refresh_coarse_clock(); // the workers may have slept for long, or there are none
  note_wait(*who, info, deadline != clock::time_point::max());
  if (who->is_task)
    return park_task(static_cast<task *>(who), t, release, arg, deadline);
  return park_thread(*static_cast<thread_record *>(who), t, release, arg, deadline);
}

void unpark(execution *who) noexcept {
  happens_before(who);
  if (!who->is_task) {
    // At once, not when it gets to run: nobody may take it for blocked any more.
    who->state.store(run_state::runnable, std::memory_order_release);
    note_outside_step();
    static_cast<thread_record *>(who)->sleep.wake();
    return;
  }
  who->state.store(run_state::runnable, std::memory_order_release);
  make_ready(static_cast<task *>(who));
}

void park_off_path(execution *me, const wait_info &info, spinlock &lock) noexcept {
  ticket never_claimed(me);
  park(never_claimed, info, &release_spinlock, &lock);
}

#if defined(SLUICE_ASAN) || defined(SLUICE_TSAN)
void park_unlocking(execution *me, const wait_info &info, spinlock &lock) noexcept {
  park_off_path(me, info, lock);
}

void unpark_next(execution *who, const execution *waker) noexcept {
  if (!who->is_task || !waker->is_task)
    return unpark(who);
  happens_before(who);
  who->state.store(run_state::runnable, std::memory_order_release);
  hand_over(*waker->runs_on, static_cast<task *>(who));
}

void unpark_later(execution *who, const execution *) noexcept { unpark(who); }
#endif

void yield_now() noexcept {
  worker *w = this_worker();
  if (!w || !w->current) {
    yield_thread();
    return;
  }
  if (parking_forbidden())
    return;
  if (is_interleaved()) {
    interleave(*w, true);
    return;
  }
  task *self = w->current;
  // Whoever was to run next queues up too, or it would overtake all that are ready.
  if (task *next = take_next(*w))
    w->queue.push(next, shared);
  w->after.left = self;
  w->after.yielded = true;
  leave(w, self);
}

} // namespace sluice::core
