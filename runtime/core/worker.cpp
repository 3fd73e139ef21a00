// What a worker does around every switch.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants: a task is in at most one queue; a task that was left is touched by nobody else until
// arrive() has run on the stack that was entered; no thread-local is read in a function that holds
// a switch (the worker comes through the switch).
#include "core/worker.hpp"

#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/locals.hpp"
#include "core/park.hpp"
#include "core/registry.hpp"
#include "core/scheduler.hpp"
#include "core/start_task.hpp"
#include "core/switch.hpp"

#include <cerrno>
#include <cxxabi.h>
#include <pthread.h>
#include <utility>

namespace sluice::core {
namespace {

[[gnu::tls_model("initial-exec")]] constinit thread_local worker *the_worker = nullptr;

constexpr auto longest_slice = std::chrono::milliseconds(10);

void end_departed(worker &w, departure d) noexcept {
  if (d.dead)
    w.stacks.give(d.dead);
  if (!d.left)
    return;
  if (d.yielded) {
    // Behind all that are ready, so in the place that is not polled first now and then, unless
    // others wait there already.
    if (shared().empty())
      w.queue.push(d.left, shared());
    else
      shared().push(d.left);
    if (w.current && !w.alone) // else this worker is about to look there itself
      invite_thieves(w);
    return;
  }
  task *who = d.left;
  if (d.unlock) {
    who->state.store(run_state::blocked, std::memory_order_release);
    d.unlock->unlock();
    return;
  }
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

void give_stack_to(worker &w, task &t) noexcept {
  t.stack = w.stacks.take(t.stack_size);
  begin_stack(t.stack->sanitizer, t.stack->bottom, t.stack->top);
  make_context(t.saved, t.stack->bottom, t.stack->top);
}

[[gnu::always_inline]] inline worker *
enter_scheduler(worker *w, saved_context &from, sanitizer_stack &from_sanitizer, bool dying) noexcept {
  w->current = nullptr;
  leave_stack(from_sanitizer, w->own_sanitizer, w->own_bottom, w->own_top, dying);
  return static_cast<worker *>(switch_context(from, w->own, w));
}

void run_from_scheduler(worker *w, task *t) noexcept {
  if (!t->stack)
    give_stack_to(*w, *t);
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

// A task that ends lends its warm stack to the next one that has none; no switch is needed.
bool go_on_with(worker &w, task *next, stack *own) noexcept {
  if (!next || next->stack || next->stack_size != 0 || !has_default_size(*own))
    return false;
  next->stack = own;
  next->runs_on = &w;
  w.current = next;
  return true;
}

// Returns only with another task to run on the same stack.
[[gnu::noinline]] void finish_current(worker *w) noexcept {
  task *t = w->current;
  stack *own = t->stack;
  t->state.store(run_state::finished, std::memory_order_release);
  t->stack = nullptr;
  t->exceptions = {};
  w->current = nullptr;
  free_task(t);
  task *next = pick_nearby(*w);
  if (go_on_with(*w, next, own))
    return;
  w->after.dead = own;
  saved_context nowhere;
  exception_globals none;
  if (next) {
    if (!next->stack)
      give_stack_to(*w, *next);
    swap_exceptions(*w, none, next->exceptions);
    enter_task(w, next, nowhere, own->sanitizer, true);
  } else {
    swap_exceptions(*w, none, w->own_exceptions);
    enter_scheduler(w, nowhere, own->sanitizer, true);
  }
  __builtin_unreachable();
}

void end_current() noexcept {
  task *t = this_worker()->current;
  free_closure(*t);
  destroy_locals(*t);
  if (t->held.size() != 0 && events.misused)
    t->held.for_each([&](const held_lock &h) {
      report_misuse({misuse_kind::ended_holding_lock, t, h.lock, t->started_at, nullptr, h.where});
    });
}

// noexcept, so that std::terminate runs at the throw, with the stack still there to be reported.
[[gnu::noinline]] void run_current(task *t) noexcept {
  happens_after(t);
  t->state.store(run_state::runnable, std::memory_order_relaxed);
  t->entry(t->closure);
  end_current();
}

[[gnu::noinline]] void look_at_the_clock(worker *w) noexcept {
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
  const departure d = w.after;
  w.after = {};
  end_departed(w, d);
}

void check_departure(const task &t) noexcept {
  if (parking_forbidden())
    fatal("a task cannot wait in a child of fork: the tasks that could wake it are not there");
  if (canary_whole(*t.stack)) [[likely]]
    return;
  if (events.stack_overflow)
    events.stack_overflow(t);
  (line() << "stack overflow in task " << t.id << ", found when it waited").write();
  fatal("its stack has no guard; see the option 'guard'");
}

// These two read a thread-local, and nothing of it after a yield: the task stays itself.
void operation_point() noexcept {
  worker *w = the_worker;
  if (w && w->current && --w->budget <= 0) [[unlikely]]
    look_at_the_clock(w);
}

execution *begin_operation() noexcept {
  worker *w = the_worker;
  if (!w || !w->current)
    return this_thread();
  task *self = w->current;
  if (--w->budget <= 0) [[unlikely]]
    look_at_the_clock(w);
  return self;
}

worker *leave(worker *w, task *self) noexcept {
  check_departure(*self);
  return leave_for(w, self, pick_nearby(*w));
}

worker *leave_for(worker *w, task *self, task *next) noexcept {
  const int kept = *w->thread_errno; // before and after the system calls of both sides
  if (next && !next->stack)
    give_stack_to(*w, *next);
  if (next) {
    swap_exceptions(*w, self->exceptions, next->exceptions);
    w = enter_task(w, next, self->saved, self->stack->sanitizer, false);
  } else {
    swap_exceptions(*w, self->exceptions, w->own_exceptions);
    w = enter_scheduler(w, self->saved, self->stack->sanitizer, false);
  }
  enter_stack(self->stack->sanitizer);
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
    task *t = find_work(w);
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
  enter_stack(w->current->stack->sanitizer);
  settle(*w);
  for (;;) {
    *w->thread_errno = 0;
    run_current(w->current);
    w = this_worker();
    finish_current(w);
    w = this_worker();
  }
}
