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

std::align_val_t heap_alignment(std::size_t alignment) noexcept {
  return std::align_val_t{std::max(alignment, alignof(std::max_align_t))};
}

// In place lies only what can follow the task to its stack.
bool fits([[maybe_unused]] const closure_type &type) noexcept {
#ifdef SLUICE_TSAN
  return false; // the move would be made on a fiber that has no part in it
#endif
  return type.size <= closure::inline_size && type.alignment <= alignof(std::max_align_t) &&
         type.relocatable;
}

// Gives everything back when construction throws.
class seed_draft {
public:
  seed_draft(seed &s, const closure_type &type) : s(s) {
    s.function.at = s.function.space;
    if (!fits(type))
      s.function.at = ::operator new(type.size, heap_alignment(type.alignment));
    s.function.type = &type;
  }
  seed_draft(const seed_draft &) = delete;
  ~seed_draft() {
    if (kept)
      return;
    free_closure(s.function);
    free_seed(&s);
  }
  void keep() noexcept { kept = true; }

private:
  seed &s;
  bool kept = false;
};

void fill_in(seed &s, const execution &starter, const task_options &how,
             std::source_location where) noexcept {
  s.started_at = where;
  s.parent = starter.id;
  s.tag = starter.tag;
  s.is_background = how.background;
  s.stack_size = how.stack_size;
  if (!how.name.empty())
    s.name.assign(how.name);
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

const closure_type main_closure{sizeof(main_call *), alignof(main_call *), true, nullptr, nullptr,
                                run_main_call};

// A search for leaks may come at any moment: it finds what the closure holds where the closure is
// about to be.
void enter_in_books(seed &s) noexcept { s.in_use.store(true, std::memory_order_release); }

void launch(seed &s, const execution &starter) noexcept {
  happens_before(&s.started_at);
  if (starter.is_task)
    queue_up(*starter.runs_on, &s);
  else
    make_ready(&s);
}

} // namespace

void task_name::assign(std::string_view from) noexcept {
  char *to = space;
  if (from.size() >= inline_size)
    to = static_cast<char *>(std::malloc(from.size() + 1));
  if (!to)
    return;
  std::memcpy(to, from.data(), from.size());
  to[from.size()] = 0;
  text = to;
}

void free_closure(closure &c) noexcept {
  if (c.type && c.at != c.space)
    ::operator delete(c.at, heap_alignment(c.type->alignment));
  c.type = nullptr;
}

void start_task(const task_options &how, const closure_type &type, void *from,
                std::source_location where) {
  start_scheduler();
  execution *starter = begin_operation(&nothing_shared);
  seed &s = *new_seed(*starter);
  fill_in(s, *starter, how, where);
  seed_draft draft(s, type);
  enter_in_books(s);
  type.make(s.function.at, from);
  draft.keep();
  launch(s, *starter);
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
  seed &s = *new_seed(*self());
  fill_in(s, *self(), {.name = "main", .stack_size = main_stack_size()}, where);
  s.is_main = true;
  s.function.type = &main_closure;
  s.function.at = s.function.space;
  main_call *handle = &call;
  std::memcpy(s.function.space, &handle, sizeof handle);
  enter_in_books(s);
  launch(s, *self());
  const wait_info info{wait_reason::join, nullptr, where};
  park(caller, info, [](void *l) { static_cast<spinlock *>(l)->unlock(); }, &call.guards_done);
}

void finish_run() {
  if (events.run_finished)
    events.run_finished();
}

void yield_here() noexcept {
  operation_point(&nothing_shared);
  yield_now();
}

void sleep_here(clock::time_point until, std::source_location where) noexcept {
  operation_point(&nothing_shared);
  ticket t(self());
  park(t, {wait_reason::sleep, nullptr, where}, nullptr, nullptr, until);
}

} // namespace sluice::core
