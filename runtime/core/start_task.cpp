// Starting tasks and running main ones: the untyped half of task.hpp.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/start_task.hpp"
#include "core/event.hpp"
#include "core/fatal.hpp"
#include "core/fork.hpp"
#include "core/park.hpp"
#include "core/registry.hpp"
#include "core/sanitizer.hpp"
#include "core/scheduler.hpp"

#include <sluice/task.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <sys/resource.h>

namespace sluice::core {


namespace {

void set_name(task &t, std::string_view name) noexcept {
  if (name.empty())
    return;
  char *to = t.name_space;
  if (name.size() >= task::inline_name) {
    to = static_cast<char *>(std::malloc(name.size() + 1));
    if (!to)
      return; // a task without its name is better than none
    t.heap_name = true;
  }
  std::memcpy(to, name.data(), name.size());
  to[name.size()] = 0;
  t.name = to;
}

std::align_val_t heap_alignment(std::size_t alignment) noexcept {
  return std::align_val_t{std::max(alignment, alignof(std::max_align_t))};
}

bool fits(const closure_type &type) noexcept {
  return type.size <= task::inline_closure && type.alignment <= alignof(std::max_align_t);
}

// Gives the closure's memory back when construction throws.
class closure_draft {
public:
  closure_draft(task &t, const closure_type &type)
      : t(t), alignment(heap_alignment(type.alignment)) {
    if (fits(type))
      t.closure = t.closure_space;
    else
      t.closure = ::operator new(type.size, alignment);
  }
  closure_draft(const closure_draft &) = delete;
  ~closure_draft() {
    if (!kept && t.closure != t.closure_space)
      ::operator delete(t.closure, alignment);
    if (!kept)
      free_task(&t);
  }
  void keep() noexcept { kept = true; }

private:
  task &t;
  std::align_val_t alignment;
  bool kept = false;
};

void fill_in(task &t, const task_options &how, std::source_location where) noexcept {
  const execution *starter = self();
  t.started_at = where;
  t.parent = starter->id;
  t.tag = starter->tag;
  t.is_background = how.background;
  t.stack_size = how.stack_size;
  set_name(t, how.name);
}

// What a main task and the thread that waits for it share.
struct main_call {
  void (*f)(void *);
  void *arg;
  ticket *caller;
  spinlock guards_done; // until the caller is committed to wait
};

void run_main_call(void *p) {
  auto *call = *static_cast<main_call **>(p);
  call->f(call->arg);
  call->guards_done.lock();
  execution *caller = call->caller->who;
  call->caller->claim(0);
  unpark(caller); // `call` is gone from here on
}

std::size_t main_stack_size() noexcept {
  constexpr std::size_t most = std::size_t{8} << 20;
  rlimit limit{};
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return most;
  return std::clamp<std::size_t>(limit.rlim_cur, default_stack_size(), most);
}

task *draft_task(const task_options &how, std::source_location where) noexcept {
  task *t = new_task();
  fill_in(*t, how, where);
  return t;
}

} // namespace

void free_closure(task &t) noexcept {
  if (t.closure && t.closure != t.closure_space)
    ::operator delete(t.closure, heap_alignment(t.closure_alignment));
  t.closure = nullptr;
}

void launch(task *t) noexcept {
  happens_before(t);
  t->state.store(run_state::unstarted, std::memory_order_release);
  make_ready(t);
}

void start_task(const task_options &how, const closure_type &type, void *from,
                std::source_location where) {
  start_scheduler();
  operation_point();
  task *t = draft_task(how, where);
  closure_draft draft(*t, type);
  type.make(t->closure, from);
  draft.keep();
  t->closure_alignment = static_cast<std::uint32_t>(type.alignment);
  t->entry = type.run;
  launch(t);
}

void run_main(void (*f)(void *), void *arg, std::source_location where) {
  if (self()->is_task)
    throw std::logic_error("sluice::run: called inside a task");
  allow_start_after_fork();
  start_scheduler();
  join_scheduler_after_fork();
  ticket caller(self());
  main_call call{f, arg, &caller, {}};
  call.guards_done.lock();
  task *t = draft_task({.name = "main", .stack_size = main_stack_size()}, where);
  t->is_main = true;
  t->closure = t->closure_space;
  main_call *handle = &call;
  std::memcpy(t->closure, &handle, sizeof handle);
  t->entry = run_main_call;
  launch(t);
  const wait_info info{wait_reason::join, nullptr, where};
  park(caller, info, [](void *l) { static_cast<spinlock *>(l)->unlock(); }, &call.guards_done);
}

void finish_run() {
  if (events.run_finished)
    events.run_finished();
}

void yield_here() noexcept {
  operation_point();
  yield_now();
}

void sleep_here(clock::time_point until, std::source_location where) noexcept {
  operation_point();
  ticket t(self());
  park(t, {wait_reason::sleep, nullptr, where}, nullptr, nullptr, until);
}

} // namespace sluice::core
