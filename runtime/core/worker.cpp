// What a worker does around every switch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants: a task is in at most one queue; a task that was left is touched by nobody else until
// settle() has run on the stack that was entered; no thread-local is read in a function that holds
// a switch (the worker comes through the switch).
#include "core/worker.hpp"

#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/interleaving.hpp"
#include "core/locals.hpp"
#include "core/park.hpp"
#include "core/registry.hpp"
#include "core/scheduler.hpp"
#include "core/start_task.hpp"
#include "core/switch.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <cxxabi.h>
#include <pthread.h>
#include <utility>

namespace sluice::core {

constinit thread_local worker *the_worker = nullptr;

namespace {

constexpr auto longest_slice = std::chrono::milliseconds(10);

void end_departed(worker &w, departure d) noexcept {
  if (d.dead) {
    d.dead->state.store(run_state::free, std::memory_order_release);
    w.tasks.give(d.dead);
  }
  if (!d.left)
    return;
  if (d.yielded && is_interleaved()) {
    interleave_later(d.left);
    return;
  }
  if (d.yielded) {
    // Behind all that are ready, so in the place that is not polled first now and then, unless
    // others wait there already.
    if (shared.empty())
      w.queue.push(d.left, shared);
    else
      shared.push(d.left);
    if (w.current && !w.alone) // else this worker is about to look there itself
      invite_thieves(w);
    return;
  }
  task *who = d.left;
  const bool judged = d.parked && events.about_to_wait &&
                      (who->reason == wait_reason::lock || who->reason == wait_reason::rlock ||
                       who->reason == wait_reason::join || who->reason == wait_reason::once);
  who->state.store(run_state::blocked, std::memory_order_release);
  if (d.deadline)
    arm(*d.deadline);
  if (d.release)
    d.release(d.arg);
  if (judged)
    events.about_to_wait(*who); // it may run again by now; the listener checks its state
}

// Moves the closure out of the seed, unless it lies elsewhere or must not move.
void adopt_closure(closure &to, closure &from) noexcept {
  to.type = from.type;
  to.at = from.at;
  if (from.at != from.space)
    return;
  to.at = to.space;
  if (from.type->relocate)
    from.type->relocate(to.space, from.space);
  else
    std::memcpy(to.space, from.space, closure::inline_size);
}

// The task takes the seed's place in the books.
void grow_from(task &t, seed &s, worker &w) noexcept {
  t.launched = &s.started_at;
  t.id = s.id;
  t.parent = s.parent;
  t.tag = s.tag;
  t.started_at = s.started_at;
  if (s.name.text) {
    t.own_name.take(s.name);
    t.name = t.own_name.text;
  }
  t.is_main = s.is_main;
  t.is_background = s.is_background;
  t.runs_on = &w;
  // Before the closure moves: wherever a search for leaks finds it, one of both is in the books.
  t.state.store(run_state::runnable, std::memory_order_release);
  adopt_closure(t.function, s.function);
  free_seed(w, &s);
}

task *task_for(worker &w, runnable *r) noexcept {
  if (!r->is_seed)
    return static_cast<task *>(r);
  seed &s = *static_cast<seed *>(r);
  task *t = w.tasks.take(s.stack_size);
  begin_stack(t->stack.sanitizer, t->stack.bottom, t->stack.top);
  make_context(t->saved, t->stack.bottom, t->stack.top);
  grow_from(*t, s, w);
  return t;
}

[[gnu::always_inline]] inline worker *enter_scheduler(worker *w, saved_context &from,
                                                      sanitizer_stack &from_sanitizer,
                                                      bool dying) noexcept {
  w->current = nullptr;
  leave_stack(from_sanitizer, w->own_sanitizer, w->own_bottom, w->own_top, dying);
  return static_cast<worker *>(switch_context(from, w->own, w));
}

void run_from_scheduler(worker *w, runnable *r) noexcept {
  task *t = task_for(*w, r);
  swap_exceptions(*w, w->own_exceptions, t->exceptions);
  w = enter_task(w, t, w->own, w->own_sanitizer, false);
  enter_stack(w->own_sanitizer);
  settle(*w);
}

void note_thread_stack(worker &w) noexcept {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    fatal("cannot find a scheduler thread's stack");
  void *bottom = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  w.own_bottom = static_cast<char *>(bottom);
  w.own_top = w.own_bottom + size;
}

// The next task grows where the last has ended, on the same warm stack; no switch is needed.
bool go_on_with(worker &w, runnable *next, task &t) noexcept {
  if (!next || !next->is_seed || !has_default_size(t.stack))
    return false;
  seed &s = *static_cast<seed *>(next);
  if (s.stack_size != 0)
    return false;
  w.turns.store(w.turns.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  grow_from(t, s, w);
  return true;
}

// The task is what it was before its first turn, but for its stack.
void clear(task &t) noexcept {
  t.name = nullptr;
  t.own_name.clear();
  t.held.clear();
  t.exceptions = {};
}

// Returns only with another task to run on the same stack.
[[gnu::noinline]] void finish_current(worker *w) noexcept {
  task *t = w->current;
  t->state.store(run_state::finished, std::memory_order_release);
  clear(*t);
  runnable *next = pick_nearby(*w);
  if (go_on_with(*w, next, *t))
    return;
  w->after.dead = t;
  saved_context nowhere;
  exception_globals none;
  if (next) {
    task *to = task_for(*w, next);
    swap_exceptions(*w, none, to->exceptions);
    enter_task(w, to, nowhere, t->stack.sanitizer, true);
  } else {
    swap_exceptions(*w, none, w->own_exceptions);
    enter_scheduler(w, nowhere, t->stack.sanitizer, true);
  }
  __builtin_unreachable();
}

void end(task &t) noexcept {
  free_closure(t.function);
  if (t.own_locals)
    destroy_locals(t);
  if (t.held.size() == 0) [[likely]]
    return;
  t.held.forget_lost();
  if (events.misused)
    t.held.for_each([&](const held_lock &h) {
      report_misuse({misuse_kind::ended_holding_lock, &t, h.lock, t.started_at, nullptr, h.where});
    });
}

// noexcept, so that std::terminate runs at the throw, with the stack still there to be reported.
[[gnu::noinline]] void run_current(task *t) noexcept {
  happens_after(t->launched);
  t->function.type->run(t->function.at);
  end(*t);
}

[[gnu::noinline]] void look_at_the_clock(worker *w, const void *on) noexcept {
  if (is_interleaved()) {
    w->budget = interleaved_budget;
    interleave(*w, false);
    note_object(on);
    return;
  }
  const auto now = refresh_coarse_clock();
  if (w->slice_end == clock::time_point::min())
    w->slice_end = now + longest_slice;
  w->budget = operations_a_look;
  if (--w->quanta > 0 && now < w->slice_end)
    return;
  yield_now();
}

} // namespace

worker *this_worker() noexcept {
  worker *w = the_worker;
  asm volatile("" : "+r"(w) : : "memory"); // or compilers would call it once for two threads
  return w;
}

void settle(worker &w) noexcept {
  if (w.after.unlock) {
    end_park(w);
    return;
  }
  const departure d = w.after;
  w.after = {};
  end_departed(w, d);
}

void check_departure(const task &t) noexcept {
  if (parking_forbidden())
    fatal("a task cannot wait in a child of fork: the tasks that could wake it are not there");
  if (canary_whole(t.stack)) [[likely]]
    return;
  if (events.stack_overflow)
    events.stack_overflow(t);
  (line() << "stack overflow in task " << t.id << ", found when it waited").write();
  fatal("its stack has no guard; see the option 'guard'");
}

// These three read a thread-local, and nothing of it after a yield: the task stays itself.
void operation_point(const void *on) noexcept {
  worker *w = the_worker;
  if (!w && is_interleaved())
    note_outsider();
  if (w && w->current && --w->budget <= 0) [[unlikely]]
    look_at_the_clock(w, on);
}

execution *begin_operation(const void *on) noexcept {
  worker *w = the_worker;
  if (!w && is_interleaved())
    note_outsider();
  if (!w || !w->current)
    return this_thread();
  task *self = w->current;
  if (--w->budget <= 0) [[unlikely]]
    look_at_the_clock(w, on);
  return self;
}

execution *begin_release(const void *on) noexcept {
  if (is_interleaved())
    return begin_operation(on);
  worker *w = the_worker;
  return w && w->current ? static_cast<execution *>(w->current) : this_thread();
}

worker *leave(worker *w, task *self) noexcept {
  check_departure(*self);
  return leave_for(w, self, pick_nearby(*w));
}

worker *leave_for(worker *w, task *self, runnable *ready) noexcept {
  const int kept = *w->thread_errno; // before and after the system calls of both sides
  if (ready) {
    task *next = task_for(*w, ready);
    swap_exceptions(*w, self->exceptions, next->exceptions);
    w = enter_task(w, next, self->saved, self->stack.sanitizer, false);
  } else {
    swap_exceptions(*w, self->exceptions, w->own_exceptions);
    w = enter_scheduler(w, self->saved, self->stack.sanitizer, false);
  }
  enter_stack(self->stack.sanitizer);
  settle(*w);
  *w->thread_errno = kept;
  return w;
}

void work(worker &w) noexcept {
  the_worker = &w;
  w.record = this_thread();
  w.record->is_worker = true;
  w.random = reinterpret_cast<std::uintptr_t>(&w) | 1;
  w.thread_exceptions = reinterpret_cast<exception_globals *>(abi::__cxa_get_globals());
  w.thread_errno = &errno;
  adopt_thread_stack(w.own_sanitizer);
  note_thread_stack(w);
  for (;;) {
    runnable *t = find_work(w);
    if (!std::exchange(w.handed_over, false)) // or a pair could starve the rest
      begin_slice(w);
    run_from_scheduler(&w, t);
  }
}

} // namespace sluice::core

/// The first function on every task's stack; runs one task after the other until it is switched
/// away from for good.
extern "C" void sluice_task_main() noexcept {
  using namespace sluice::core;
  worker *w = this_worker();
  enter_stack(w->current->stack.sanitizer);
  settle(*w);
  for (;;) {
    *w->thread_errno = 0;
    run_current(w->current);
    w = this_worker();
    finish_current(w);
  }
}
