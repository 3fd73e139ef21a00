// One marking of what can still run, from the roots to the last task that can be woken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every doubt makes somebody live. The reasons are in docs/design/leak-search.md.
#include "observe/judgement.hpp"

#include "core/registry.hpp"
#include "core/scheduler.hpp"
#include "core/timer_heap.hpp"
#include "memory/sanitizer_heap.hpp"

#include <sluice/mutex.hpp>
#include <sluice/shared_mutex.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace sluice::observe {
namespace {

using memory::range;
using memory::red_zone;

std::uintptr_t address(const void *p) noexcept { return reinterpret_cast<std::uintptr_t>(p); }

/// Calls a function object through the registry's callbacks.
template <class F> void for_each_task(F f) {
  core::for_each_task([](core::task &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}
template <class F> void for_each_stopped_thread(F f) {
  core::for_each_stopped_thread(
      [](core::thread_record &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}
template <class F> void for_each_stack_mapping(F f) {
  core::for_each_stack_mapping(
      [](char *begin, char *end, std::size_t slot, void *arg) {
        (*static_cast<F *>(arg))(range{address(begin), address(end)}, slot);
      },
      &f);
}

/// Without a red zone: functions that hold a switch call others after it, so they have none.
range parked_part(const core::task &t) noexcept {
  return {address(t.saved.sp), address(t.stack.top)};
}

void *parked_fake_stack([[maybe_unused]] const core::task &t) noexcept {
#ifdef SLUICE_ASAN
  return t.stack.sanitizer.fake_stack;
#else
  return nullptr;
#endif
}

bool is_lock(const core::execution &e) noexcept {
  return e.reason == core::wait_reason::lock || e.reason == core::wait_reason::rlock;
}

/// Where a lock keeps who waits for it. Who follows that wakes them, which its owner has to do.
std::uintptr_t queue_of(const core::primitive &lock) noexcept {
  return lock.kind == core::primitive_kind::mutex
             ? address(&static_cast<const core::exclusive_lock &>(lock).queue)
             : address(&static_cast<const core::reader_writer_lock &>(lock).queue);
}

} // namespace

range stack_range(const core::task &t) noexcept {
  return {address(t.stack.bottom), address(t.stack.top)};
}

const waiting_task &judgement::entry_of(const core::task &t) const noexcept {
  return waiting_.begin()[graph.tag_of(address(t.saved.sp))];
}

bool judgement::has_leaks() const noexcept {
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [](const waiting_task &w) { return !w.live; });
}

// --- Taking down who waits for what

void judgement::add_slabs() noexcept {
  for_each_stack_mapping([&](range slab, std::size_t slot) {
    graph.add_slab(slab, slot);
    exclude(slab);
  });
}

void judgement::add_waits(const core::task &t) noexcept {
  const auto who = static_cast<std::uint32_t>(waiting_.size() - 1);
  auto add = [&](const core::primitive *p) {
    complete = waits_.push_back({address(p), who}) && complete;
  };
  for (std::uint32_t i = 0; i < t.all_count; ++i)
    add(t.all[i]);
  if (t.all_count == 0 && t.on)
    add(t.on);
}

void judgement::add_waiting(core::task &t) noexcept {
  graph.add_stack(parked_part(t), static_cast<std::uint32_t>(waiting_.size()));
  complete = waiting_.push_back({&t}) && complete;
  add_waits(t);
}

void judgement::add_holdings(const core::execution &e) noexcept {
  e.held.for_each(
      [&](const core::held_lock &h) { complete = holdings.push_back({h.lock, &e}) && complete; });
}

void judgement::add_tasks() noexcept {
  for_each_task([&](core::task &t) {
    if (!in_use(t))
      return;
    if (waits(t) && &t != from.who)
      add_waiting(t);
    add_holdings(t);
  });
  for_each_stopped_thread([&](core::thread_record &t) { add_holdings(t); });
  std::sort(holdings.begin(), holdings.end(),
            [](const holding &a, const holding &b) { return a.lock < b.lock; });
  std::sort(waits_.begin(), waits_.end(), [](const wait &a, const wait &b) { return a.on < b.on; });
}

/// The frames that ASan keeps elsewhere are nodes, of every stack.
void judgement::add_all_frames() noexcept {
  if constexpr (!memory::under_sanitizer)
    return;
  for_each_task([&](core::task &t) {
    if (t.saved.sp && stack_range(t).contains(address(t.saved.sp)))
      add_frames(parked_part(t), parked_fake_stack(t)); // a running one's stale frames do no harm
  });
  for (const memory::stopped_thread &s : threads)
    if (s.fake_stack)
      add_frames(live_part(s.sp), s.fake_stack);
  if (void *own = memory::current_fake_stack())
    add_frames(live_part(from.frame), own);
}

void judgement::add_frames(range stack, void *fake_stack) noexcept {
  memory::for_each_fake_frame(
      stack, fake_stack,
      [](void *self, range frame) { static_cast<judgement *>(self)->graph.add_frame(frame); },
      this);
}

/// From `sp` to the end of the task's or thread's stack it lies in. The kernel may join the stack
/// of a thread and those of tasks in one mapping, and whoever touches a guard in there faults.
/// Empty for a thread that is still on the stack of a task that has ended.
range judgement::live_part(std::uintptr_t sp) noexcept {
  range found{};
  for_each_task([&](core::task &t) {
    if (in_use(t) && stack_range(t).contains(sp))
      found = {sp, stack_range(t).end};
  });
  const memory::mapping *m = mappings.find(sp);
  if (found.end || !m)
    return found;
  found = {sp, m->memory.end};
  for_each_stack_mapping([&](range slab, std::size_t) {
    if (slab.end > found.begin && slab.begin < found.end)
      found.end = std::max(found.begin, slab.begin);
  });
  return found;
}

// --- Roots

bool judgement::is_on_task_stack(std::uintptr_t sp) noexcept {
  bool found = false;
  for_each_stack_mapping([&](range slab, std::size_t) { found = found || slab.contains(sp); });
  return found;
}

const scheduler_thread *judgement::worker_of(pid_t tid) const noexcept {
  for (const scheduler_thread &w : workers)
    if (w.id == tid)
      return &w;
  return nullptr;
}

void judgement::find_excluded() noexcept {
  auto add = [](void *self, range r) { static_cast<judgement *>(self)->exclude(r); };
  core::for_each_seed_mapping(
      [](char *begin, char *end, void *self) {
        static_cast<judgement *>(self)->exclude({address(begin), address(end)});
      },
      this);
  memory::for_each_map_region(add, this);
  graph.for_each_region(add, this);
  for (range r :
       {memory::stopped_world::books(), workers.pages(), mappings.pages(), mappings.text_pages(),
        objects.pages(), foreign.pages(), waiting_.pages(), waits_.pages(), holdings.pages()})
    exclude(r);
  for (const scheduler_thread &w : workers)
    exclude(w.stack);
  for (const range &r : objects.passed_over())
    exclude(r);
}

void judgement::find_roots() noexcept {
  for (const memory::stopped_thread &t : threads)
    if (!worker_of(t.tid))
      complete = foreign.push_back(t) && complete;
  find_excluded();
  // A task's stack is looked at as such; its slab may be joined with the program's own mappings.
  const std::uintptr_t own_stack = is_on_task_stack(from.frame) ? 0 : from.frame;
  memory::find_roots({mappings,
                      {foreign.begin(), foreign.size()},
                      excluded,
                      objects,
                      own_stack,
                      reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer())},
                     roots);
}

bool judgement::prepare() noexcept {
  if (!mappings.read())
    return false;
  add_slabs();
  add_tasks();
  add_all_frames();
  graph.seal(mappings);
  watch_waits();
  find_roots();
  // Another process may write there while a twin looks, or the twin's own parent.
  for (const range &r : roots.shared)
    graph.scan(r);
  return complete && graph.complete();
}

// --- What wakes whom

bool judgement::can_go_on(const core::execution &e) const noexcept {
  if (!e.is_task || !waits(e) || &e == from.who)
    return true;
  return entry_of(static_cast<const core::task &>(e)).live;
}

/// Who waits for a lock needs all who hold it to give it back.
bool judgement::can_open(std::uintptr_t lock, const core::task &waiter,
                         bool &has_owner) const noexcept {
  const holding *h =
      std::lower_bound(holdings.begin(), holdings.end(), lock,
                       [](const holding &a, std::uintptr_t p) { return address(a.lock) < p; });
  bool able = true;
  for (; h != holdings.end() && address(h->lock) == lock; ++h) {
    has_owner = true;
    able = able && h->owner != &waiter && can_go_on(*h->owner);
  }
  return able;
}

/// Who waits for what nobody has to reach is woken at once: for a lock whose owners can go on, for
/// a primitive of static storage.
void judgement::watch_waits() noexcept {
  for (wait &w : waits_) {
    const core::task &waiter = *waiting_[w.who].task;
    const bool opens = is_lock(waiter) && can_open(w.on, waiter, w.by_owner);
    if (w.by_owner)
      graph.disregard(queue_of(*waiter.on));
    if (w.by_owner ? opens : !graph.watch(w.on))
      wake(w.who);
  }
}

void judgement::wake(std::uint32_t who) noexcept {
  if (std::exchange(waiting_[who].live, true))
    return;
  complete = woken.push_back(who) && complete;
}

void judgement::wake_all_on(range primitives) noexcept {
  const wait *w = std::lower_bound(waits_.begin(), waits_.end(), primitives.begin,
                                   [](const wait &a, std::uintptr_t p) { return a.on < p; });
  for (; w != waits_.end() && w->on < primitives.end; ++w)
    if (!w->by_owner)
      wake(w->who);
}

/// What a task that can go on has, and the locks that it will open.
void judgement::revive(core::task &t) noexcept {
  mark_books(t);
  graph.mark_stack(parked_part(t));
  t.held.for_each([&](const core::held_lock &h) {
    const auto on = address(h.lock);
    const wait *w = std::lower_bound(waits_.begin(), waits_.end(), on,
                                     [](const wait &a, std::uintptr_t p) { return a.on < p; });
    for (bool known = false; w != waits_.end() && w->on == on; ++w)
      if (w->by_owner && can_open(on, *waiting_[w->who].task, known))
        wake(w->who);
  });
}

// --- Marking

bool judgement::run_in_twin() noexcept {
  for (const memory::mapping &m : mappings)
    if (m.writable && !m.shared && !m.device && !memory::kernel_has(m.memory.begin, m.memory.end))
      return false;
  return run();
}

bool judgement::run() noexcept {
  mark_able();
  for (range reached; !woken.empty() || graph.next_reached(reached);) {
    if (reached.end)
      wake_all_on(std::exchange(reached, {}));
    while (!woken.empty())
      revive(*waiting_[woken.pop_back()].task);
    graph.drain();
  }
  return complete && graph.complete();
}

/// The buffers of the standard streams hold text, and before that whatever was freed there.
void judgement::pass_over_streams() noexcept {
#ifdef __GLIBC__
  for (const FILE *stream : {stdin, stdout, stderr})
    graph.pass_over(address(stream->_IO_buf_base));
#endif
}

void judgement::mark_able() noexcept {
  pass_over_streams();
  // The books of threads name primitives that they do not keep.
  for_each_stopped_thread([&](core::thread_record &t) {
    graph.pass_over(address(&t));
    graph.mark_pointer(address(t.own_locals));
  });
  for (const range &r : roots.own)
    graph.scan(r);
  mark_threads();
  for_each_task([&](core::task &t) {
    if (in_use(t) && (!waits(t) || &t == from.who))
      mark_able_task(t);
  });
  core::for_each_seed(
      [](core::seed &s, void *self) { static_cast<judgement *>(self)->mark_closure(s.function); },
      this);
  mark_timers();
  graph.drain();
}

void judgement::mark_threads() noexcept {
  for (const memory::stopped_thread &t : threads)
    mark_thread(t);
}

void judgement::mark_thread(const memory::stopped_thread &t) noexcept {
  const scheduler_thread *w = worker_of(t.tid);
  const bool between_tasks = w && w->stack.contains(t.sp);
  // A closure may be on its way to a task there; an idle worker's registers are stale.
  if (!between_tasks || !t.in_kernel)
    graph.scan({address(t.registers), address(t.registers + std::size(t.registers))});
  graph.mark_pointer(t.sp); // a stack may be a block of the heap
  if (w) {
    const range locals = memory::thread_locals(objects, t.tls);
    graph.scan({locals.begin, w->stack.contains(t.tls) ? w->stack.end : locals.end});
  }
  // There a worker holds nothing of the program's, but stale words of the last task; unless it runs
  // a timer's function.
  if (between_tasks && !core::firing_timer())
    return;
  // Whoever calls a function of the C library expects it to use the vector registers.
  if (!t.in_kernel)
    graph.scan(t.vectors);
  if (between_tasks)
    graph.scan({t.sp - red_zone, w->stack.end});
  in_handler = in_handler || (w && !between_tasks && !is_on_task_stack(t.sp));
}

/// Where the live part of a stack begins whose task can run. One in a handler of signals, on a
/// stack of that, may be anywhere in its own.
std::uintptr_t judgement::running_sp(const core::task &t) const noexcept {
  const range stack = stack_range(t);
  if (&t == from.who && stack.contains(from.frame))
    return from.frame;
  for (const memory::stopped_thread &s : threads)
    if (stack.contains(s.sp))
      return s.sp - red_zone;
  if (in_handler)
    return stack.begin;
  return t.saved.sp ? address(t.saved.sp) : stack.end;
}

void judgement::mark_able_task(core::task &t) noexcept {
  mark_books(t);
  const range stack = stack_range(t);
  const std::uintptr_t sp = std::max(running_sp(t), stack.begin);
  if (sp < stack.end)
    graph.mark_stack({sp, stack.end});
}

/// What lies behind a closure in its space is another's that is gone.
void judgement::mark_closure(const core::closure &c) noexcept {
  graph.mark_pointer(address(c.at));
  if (const core::closure_type *type = c.type; type && c.at == c.space)
    graph.scan({address(c.space), address(c.space + std::min(type->size, sizeof c.space))});
}

void judgement::mark_books(const core::task &t) noexcept {
  mark_closure(t.function);
  graph.mark_pointer(address(t.own_locals));
  graph.mark_pointer(address(t.exceptions.caught));
}

/// A pending timer is live through what it sets off.
void judgement::mark_timers() noexcept {
  graph.mark_pointer(address(core::firing_timer()));
  core::for_each_timer(
      [](core::timer_node &n, void *self) {
        if (n.can_wake)
          static_cast<judgement *>(self)->graph.mark_pointer(address(&n));
      },
      this);
}

} // namespace sluice::observe
