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
#include <sluice/once.hpp>
#include <sluice/shared_mutex.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace sluice::observe {
namespace {

using memory::range;
using memory::red_zone;

/// A thread of blocking() without a job.
bool is_idle_pool_thread(const known_thread *k) noexcept {
  return k && k->record->is_pool && !k->record->has_job.load(std::memory_order_acquire);
}

/// Calls a function object through the registry's callbacks.
template <class F> void for_each_stack_mapping(F f) {
  core::for_each_stack_mapping(
      [](char *begin, char *end, std::size_t slot, void *arg) {
        (*static_cast<F *>(arg))(range{address(begin), address(end)}, slot);
      },
      &f);
}

void *parked_fake_stack([[maybe_unused]] const core::task &t) noexcept {
#ifdef SLUICE_ASAN
  return t.stack.sanitizer.fake_stack;
#else
  return nullptr;
#endif
}

/// Where a lock keeps who waits for it. Who follows that wakes them, which its owner has to do.
std::uintptr_t queue_of(const core::primitive &lock) noexcept {
  switch (lock.kind) {
  case core::primitive_kind::mutex:
    return address(&static_cast<const core::exclusive_lock &>(lock).queue);
  case core::primitive_kind::once:
    return address(&static_cast<const core::once_state &>(lock).queue);
  default:
    return address(&static_cast<const core::reader_writer_lock &>(lock).queue);
  }
}

} // namespace

const parked *judgement::find(const core::execution &e) const noexcept {
  if (!waits(e) || &e == from.who)
    return nullptr;
  if (e.is_task)
    return &books[graph.tag_of(address(static_cast<const core::task &>(e).saved.sp))];
  for (std::uint32_t i = first_thread; i < books.size(); ++i)
    if (books[i].who == &e)
      return &books[i];
  return nullptr;
}

const parked *judgement::parked_thread(pid_t tid) const noexcept {
  for (std::uint32_t i = first_thread; i < books.size(); ++i)
    if (books[i].stopped->tid == tid)
      return &books[i];
  return nullptr;
}

bool judgement::has_stuck() const noexcept {
  for (std::uint32_t i = 0; i < books.size(); ++i)
    if (!books[i].live)
      return true;
  return false;
}

// --- Taking down who waits for what

void judgement::add_slabs() noexcept {
  for_each_stack_mapping([&](range slab, std::size_t slot) {
    graph.add_slab(slab, slot);
    exclude(slab);
  });
}

void judgement::add_tasks() noexcept {
  for_each_task([&](core::task &t) {
    if (!in_use(t))
      return;
    if (waits(t) && &t != from.who) {
      graph.add_stack(parked_part(t), books.size());
      books.add({&t, false, nullptr, parked_part(t), {}, {}});
    } else {
      complete = able.push_back(&t) && complete;
    }
    if (t.is_main)
      complete = mains.push_back(&t) && complete;
    books.add_holdings(t);
  });
  first_thread = books.size();
}

/// A thread that has just begun to wait, or is in a signal handler on another stack, counts as
/// running.
void judgement::add_threads() noexcept {
  for_each_stopped_thread([&](core::thread_record &t) { books.add_holdings(t); });
  for (const known_thread &k : known)
    for (const memory::stopped_thread &s : threads_)
      if (s.tid == k.id && !k.record->is_own() && k.record != from.who && waits(*k.record) &&
          k.stack.contains(s.sp))
        add_thread(k, s);
}

/// The thread-locals at the end are no part of the frames: the C library's lists of threads lead
/// there, and who reaches those does not reach the frames, though the library's own words there do.
void judgement::add_thread(const known_thread &k, const memory::stopped_thread &s) noexcept {
  const range locals = memory::thread_locals(objects, s.tls);
  const range frames{s.sp - red_zone, k.stack.contains(locals.begin) ? locals.begin : k.stack.end};
  graph.add_frame(frames);
  books.add({k.record, false, &s, frames, locals, k.stack});
}

/// The frames that ASan keeps elsewhere are nodes, of every stack.
void judgement::add_all_frames() noexcept {
  if constexpr (!memory::under_sanitizer)
    return;
  for_each_task([&](core::task &t) {
    if (t.saved.sp && stack_of(t).contains(address(t.saved.sp)))
      add_frames(parked_part(t), parked_fake_stack(t)); // a running one's stale frames do no harm
  });
  for (const memory::stopped_thread &s : threads_)
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
    if (in_use(t) && stack_of(t).contains(sp))
      found = {sp, stack_of(t).end};
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

const known_thread *judgement::known_as(pid_t tid) const noexcept {
  for (const known_thread &k : known)
    if (k.id == tid)
      return &k;
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
       {memory::stopped_world::books(), known.pages(), mappings.pages(), mappings.text_pages(),
        objects.pages(), foreign.pages(), able.pages(), mains.pages()})
    exclude(r);
  books.for_each_region([&](range r) { exclude(r); });
  exclude_stacks();
  for (const range &r : objects.passed_over())
    exclude(r);
}

void judgement::exclude_stacks() noexcept {
  for (const known_thread &k : known)
    if (k.record->is_worker || is_idle_pool_thread(&k))
      exclude(k.stack);
  for (std::uint32_t i = first_thread; i < books.size(); ++i) {
    exclude(books[i].stack);
    exclude(books[i].locals);
  }
  if (!own_stack.contains(from.frame))
    exclude(own_stack);
}

void judgement::find_roots() noexcept {
  for (const memory::stopped_thread &t : threads_) {
    const known_thread *k = known_as(t.tid);
    const bool is_worker = k && k->record->is_worker;
    if (!is_worker && !is_idle_pool_thread(k) && !parked_thread(t.tid))
      complete = foreign.push_back(t) && complete;
  }
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
  add_threads();
  books.seal();
  add_all_frames();
  graph.seal(mappings);
  watch_waits();
  find_roots();
  // Another process may write there while a twin looks, or the twin's own parent.
  for (const range &r : roots.shared)
    graph.scan(r);
  return complete && books.complete() && graph.complete();
}

// --- What wakes whom

bool judgement::can_go_on(const core::execution &e) const noexcept {
  const parked *p = find(e);
  return !p || p->live;
}

/// Who waits for a lock needs all who hold it to give it back: also a reader, who stands behind a
/// writer that waits for all of them.
bool judgement::can_open(const core::execution &waiter, bool &has_owner) const noexcept {
  bool able = true;
  books.for_each_owner(*waiter.on, [&](const core::execution &owner) {
    has_owner = true;
    able = able && &owner != &waiter && can_go_on(owner);
  });
  return able;
}

/// Whether a thread in run() has a main task that will return: or it has not begun, or has ended.
bool judgement::main_can_go_on(const core::execution &thread) const noexcept {
  bool any = false, one_can = false;
  for (const core::task *m : mains) {
    any = any || m->parent == thread.id;
    one_can = one_can || (m->parent == thread.id && can_go_on(*m));
  }
  return one_can || !any;
}

/// Who waits for what nobody has to reach is woken at once: for a lock whose owners can go on, for
/// a primitive of static storage.
void judgement::watch_waits() noexcept {
  for (wait &w : books.waits()) {
    const core::execution &waiter = *books[w.who].who;
    const bool opens = follows_owner(waiter.reason) && can_open(waiter, w.by_owner);
    if (w.by_owner)
      graph.disregard(queue_of(*waiter.on));
    if (w.by_owner ? opens : !graph.watch(w.on))
      wake(w.who);
  }
  for (std::uint32_t i = first_thread; i < books.size(); ++i)
    if (waits_for_main(*books[i].who) && main_can_go_on(*books[i].who))
      wake(i);
}

void judgement::wake(std::uint32_t who) noexcept {
  if (std::exchange(books[who].live, true))
    return;
  complete = woken.push_back(who) && complete;
}

void judgement::wake_all_on(range primitives) noexcept {
  books.for_each_wait_in(primitives, [&](const wait &w) {
    if (!w.by_owner)
      wake(w.who);
  });
}

void judgement::wake_run_of(const core::execution &main) noexcept {
  for (std::uint32_t i = first_thread; i < books.size(); ++i)
    if (waits_for_main(*books[i].who) && books[i].who->id == main.parent)
      wake(i);
}

/// Fetches into the cache what revive() is going to look at soon.
void judgement::prefetch_woken() const noexcept {
  constexpr std::size_t ahead = 8, line = 64;
  if (woken.size() <= ahead)
    return;
  const auto *at = reinterpret_cast<const char *>(books[woken[woken.size() - 1 - ahead]].who);
  for (std::size_t i = 0; i < sizeof(core::task); i += line)
    __builtin_prefetch(at + i);
}

/// What a task or thread that can go on has, and the locks that it will open.
void judgement::revive(const parked &p) noexcept {
  const core::execution &e = *p.who;
  if (e.is_task) {
    mark_books(static_cast<const core::task &>(e));
  } else {
    mark_registers(*p.stopped, true);
    graph.scan(p.locals);
  }
  graph.mark_stack(p.frames);
  e.held.for_each([&](const core::held_lock &h) {
    books.for_each_wait_in({address(h.lock), address(h.lock) + 1}, [&](const wait &w) {
      bool known = false;
      if (w.by_owner && can_open(*books[w.who].who, known))
        wake(w.who);
    });
  });
  if (e.is_main)
    wake_run_of(e);
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
    while (!woken.empty()) {
      prefetch_woken();
      revive(books[woken.pop_back()]);
    }
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

/// The stop of the world leaves there what the thread's registers held, at this or an earlier stop.
void judgement::pass_over_signal_stack(const core::thread_record &t) noexcept {
  const range stack{address(t.signal_stack.data()),
                    address(t.signal_stack.data() + t.signal_stack.size())};
  if (std::none_of(threads_.begin(), threads_.end(),
                   [&](const memory::stopped_thread &s) { return stack.contains(s.sp); }))
    graph.pass_over(stack.begin);
}

void judgement::mark_able() noexcept {
  pass_over_streams();
  // The books of threads name primitives that they do not keep.
  for_each_stopped_thread([&](core::thread_record &t) {
    graph.pass_over(address(&t));
    pass_over_signal_stack(t);
    graph.mark_pointer(address(t.own_locals));
  });
  for (const range &r : roots.own)
    graph.scan(r);
  mark_threads();
  for (const core::task *t : able)
    mark_able_task(*t);
  core::for_each_seed(
      [](core::seed &s, void *self) { static_cast<judgement *>(self)->mark_closure(s.function); },
      this);
  mark_timers();
  graph.drain();
}

void judgement::mark_threads() noexcept {
  for (const memory::stopped_thread &t : threads_)
    if (!parked_thread(t.tid))
      mark_thread(t);
}

void judgement::mark_registers(const memory::stopped_thread &t, bool with_vectors) noexcept {
  graph.scan({address(t.registers), address(t.registers + std::size(t.registers))});
  // Whoever calls a function of the C library expects it to use the vector registers.
  if (with_vectors && !t.in_kernel)
    graph.scan(t.vectors);
}

void judgement::mark_thread(const memory::stopped_thread &t) noexcept {
  const known_thread *k = known_as(t.tid);
  if (is_idle_pool_thread(k)) { // on its stack lies what is left of earlier jobs
    graph.scan(memory::thread_locals(objects, t.tls));
    return;
  }
  const known_thread *w = k && k->record->is_worker ? k : nullptr;
  const bool between_tasks = w && w->stack.contains(t.sp);
  const bool runs_program = !between_tasks || core::firing_timer();
  // A closure may be on its way to a task there; an idle worker's registers are stale. Its vector
  // registers have copies of a closure at most, which is still in the books.
  if (!between_tasks || !t.in_kernel)
    mark_registers(t, runs_program);
  graph.mark_pointer(t.sp); // a stack may be a block of the heap
  if (w) {
    const range locals = memory::thread_locals(objects, t.tls);
    graph.scan({locals.begin, w->stack.contains(t.tls) ? w->stack.end : locals.end});
  }
  // There a worker holds nothing of the program's, but stale words of the last task; unless it runs
  // a timer's function.
  if (between_tasks && runs_program)
    graph.scan({t.sp - red_zone, w->stack.end});
  in_handler = in_handler || (w && !between_tasks && !is_on_task_stack(t.sp));
}

/// Where the live part of a stack begins whose task can run. One in a handler of signals, on a
/// stack of that, may be anywhere in its own.
std::uintptr_t judgement::running_sp(const core::task &t) const noexcept {
  const range stack = stack_of(t);
  if (&t == from.who && stack.contains(from.frame))
    return from.frame;
  for (const memory::stopped_thread &s : threads_)
    if (stack.contains(s.sp))
      return s.sp - red_zone;
  if (in_handler)
    return stack.begin;
  return t.saved.sp ? address(t.saved.sp) : stack.end;
}

void judgement::mark_able_task(const core::task &t) noexcept {
  mark_books(t);
  const range stack = stack_of(t);
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
        static_cast<judgement *>(self)->graph.mark_pointer(address(&n));
      },
      this);
}

} // namespace sluice::observe
