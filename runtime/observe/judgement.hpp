// One judgement of a stopped world: who can never run again, by a fixpoint over memory.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Live are all who can run, and what they reach; a blocked task becomes live once what it waits for
// is reached by something live. A lock follows its owner. What stays is leaked. Every doubt makes
// somebody live. Between stopping the world and letting it go nothing here allocates or locks.
#pragma once

#include "core/sanitizer.hpp"
#include "core/scheduler.hpp"
#include "core/timer_heap.hpp"
#include "memory/roots.hpp"
#include "memory/sanitizer_heap.hpp"
#include "observe/asker.hpp"
#include "observe/members.hpp"
#include "observe/wait_graph.hpp"

#include <algorithm>
#include <iterator>

namespace sluice::observe {

/// Never the same for two judgements, so that an old one's marks mean nothing.
inline const void *new_mark() noexcept {
  static std::atomic<std::uintptr_t> last{0};
  return reinterpret_cast<const void *>(last.fetch_add(1, std::memory_order_relaxed) + 1);
}

/// One judgement, from the stop on.
class judgement {
public:
  judgement(const asker &from, memory::mapped_vector<known_thread> &known,
            const memory::stopped_world &world, range own_stack) noexcept
      : from(from), known(known), world(world), own_stack(own_stack) {}

  /// Marks from all roots until nobody else becomes live; false if that was not possible.
  bool run() noexcept {
    graph.add_heap();
    find_waiting_threads();
    add_stacks();
    graph.seal();
    find_holdings();
    if (!mark_roots())
      return false;
    while (add_live())
      ;
    return graph.complete() && complete;
  }

  /// After run(): whether nothing is left that could do anything at all.
  bool all_stuck() noexcept {
    bool any = core::outside_work_under_way();
    for_each_task([&](core::task &t) { any = any || (in_use(t) && !is_stuck(t)); });
    core::for_each_seed([](core::seed &, void *any) { *static_cast<bool *>(any) = true; }, &any);
    core::for_each_timer(
        [](core::timer_node &n, void *any) {
          auto &a = *static_cast<bool *>(any);
          a = a || n.acts;
        },
        &any);
    for (const memory::stopped_thread &t : world.threads())
      any = any || !is_idle(t);
    return !any;
  }

  /// After run(): who waits for each other.
  void find_cycles(wait_graph &out) noexcept {
    for_each_task([&](core::task &t) {
      if (in_use(t) && is_stuck(t))
        out.add(t);
    });
    for (const waiting_thread &w : threads)
      if (is_stuck(*w.record))
        out.add(*w.record);
    out.end_of_members();
    for (const stuck &s : out.members()) {
      add_memory_of(*s.who, out);
      add_waits_of(*s.who, out);
    }
    out.find_cycles();
  }

  memory::reach &memory_graph() noexcept { return graph; }

  /// Whether `t`, which waits, can still be woken.
  bool is_live(const core::execution &t) const noexcept {
    return t.report_mark.load(std::memory_order_relaxed) == mark; // written by this thread
  }

private:
  const asker &from;
  memory::mapped_vector<known_thread> &known;
  const memory::stopped_world &world;
  const range own_stack; // of the thread that judges, which need not be the asker's
  memory::reach graph;
  memory::mapped_vector<waiting_thread> threads;
  memory::range_list excluded;
  memory::mapped_vector<holding> holdings; // in order of the locks
  const void *const mark = new_mark();     // of tasks that wait and were found able to go on
  bool complete = true;

  bool is_stuck(const core::execution &e) const noexcept {
    return waits(e) && &e != from.who && !is_live(e);
  }

  /// Whether a thread is our own with nothing to do, or stuck.
  bool is_idle(const memory::stopped_thread &t) noexcept {
    if (const waiting_thread *w = waiting_of(t.tid))
      return is_stuck(*w->record);
    bool own = false;
    for_each_stopped_thread(
        [&](core::thread_record &r) { own = own || (r.kernel_id == t.tid && r.is_own()); });
    return own; // its task, if it has one, is counted for itself
  }

  void add_memory_of(const core::execution &e, wait_graph &out) noexcept {
    if (e.is_task) {
      const auto &t = static_cast<const core::task &>(e);
      out.add_memory(e, parked_part(t).begin);
      for (const std::byte *at = t.function.space; at < std::end(t.function.space);
           at += sizeof(void *))
        out.add_memory(e, *reinterpret_cast<const std::uintptr_t *>(at));
      for (const void *p :
           {static_cast<const void *>(t.function.at), static_cast<const void *>(t.own_locals),
            static_cast<const void *>(t.exceptions.caught)})
        out.add_memory(e, address(p));
      return;
    }
    for (const waiting_thread &w : threads)
      if (w.record == &e) {
        out.add_memory(e, w.frames.begin);
        for (std::uintptr_t word : w.stopped->registers)
          out.add_memory(e, word);
        out.add_memory_of(e, w.locals);
      }
  }

  void add_waits_of(const core::execution &e, wait_graph &out) noexcept {
    if (waits_for_main(e)) {
      for_each_task([&](core::task &m) {
        if (in_use(m) && m.is_main && m.parent == e.id)
          out.add_owner(e, m);
      });
      return;
    }
    bool has_owner = false;
    if (follows_owner(e.reason))
      for_each_owner(e, [&](const core::execution &owner) {
        has_owner = true;
        out.add_owner(e, owner);
      });
    if (has_owner)
      return;
    for (std::uint32_t i = 0; i < e.all_count; ++i)
      out.add_wait(e, e.all[i]);
    if (e.all_count == 0)
      out.add_wait(e, e.on);
  }

  const known_thread *worker_of(pid_t tid) noexcept {
    for (const known_thread &k : known)
      if (k.id == tid && k.record->is_worker)
        return &k;
    return nullptr;
  }

  /// A thread of blocking() without a job: on its stack lies what is left of earlier ones.
  const known_thread *idle_pool_thread(pid_t tid) noexcept {
    for (const known_thread &k : known)
      if (k.id == tid && k.record->is_pool && !k.record->has_job.load(std::memory_order_acquire))
        return &k;
    return nullptr;
  }

  const waiting_thread *waiting_of(pid_t tid) noexcept {
    for (const waiting_thread &w : threads)
      if (w.stopped->tid == tid)
        return &w;
    return nullptr;
  }

  /// Threads that wait in a primitive. One that has just begun to, or is in a signal handler on
  /// another stack, counts as running.
  void find_waiting_threads() noexcept {
    for_each_stopped_thread([&](core::thread_record &t) {
      t.report_mark.store(mark, std::memory_order_relaxed); // read by this thread only
    });
    for (const known_thread &k : known) {
      const memory::stopped_thread *stopped = stopped_of(k.id);
      if (!stopped || k.record->is_own() || k.record == from.who || !waits(*k.record) ||
          !k.stack.contains(stopped->sp))
        continue;
      const range locals = memory::thread_locals(stopped->tls);
      if (!threads.push_back(
              {k.record, frames_of(*stopped, k.stack, locals), locals, k.stack, stopped}))
        continue;
      k.record->report_mark.store(nullptr, std::memory_order_relaxed); // as above
    }
  }

  /// Without the thread-locals at the end: the C library's lists of threads lead there, and who
  /// reaches those does not reach the frames, though the library's own words there do.
  static range frames_of(const memory::stopped_thread &t, range stack, range locals) noexcept {
    return {t.sp - red_zone, stack.contains(locals.begin) ? locals.begin : stack.end};
  }

  const memory::stopped_thread *stopped_of(pid_t tid) noexcept {
    for (const memory::stopped_thread &t : world.threads())
      if (t.tid == tid)
        return &t;
    return nullptr;
  }

  /// Parked stacks are nodes, and so are the frames that ASan keeps elsewhere, of every stack.
  void add_stacks() noexcept {
    for_each_task([&](core::task &t) {
      if (waits(t) && &t != from.who) {
        graph.add_node(parked_part(t), t.id);
        add_frames(parked_part(t), parked_fake_stack(t));
      } else if (t.saved.sp && stack_of(t).contains(address(t.saved.sp))) {
        add_frames(parked_part(t), parked_fake_stack(t)); // ready, or else it does no harm
      }
    });
    for (const waiting_thread &w : threads)
      graph.add_node(w.frames, w.record->id);
    for (const memory::stopped_thread &s : world.threads())
      if (s.fake_stack)
        add_frames(live_part(s.sp), s.fake_stack);
    if (void *own = memory::current_fake_stack())
      add_frames(live_part(from.frame), own);
  }

  void add_frames(range stack, void *fake_stack) noexcept {
    memory::for_each_fake_frame(
        stack, fake_stack,
        [](void *self, range frame) { static_cast<judgement *>(self)->graph.add_node(frame, 0); },
        this);
  }

  static void *parked_fake_stack([[maybe_unused]] const core::task &t) noexcept {
#ifdef SLUICE_ASAN
    return t.stack.sanitizer.fake_stack;
#endif
    return nullptr;
  }

  /// From `sp` to the end of the task's or thread's stack it lies in.
  range live_part(std::uintptr_t sp) noexcept {
    range found{};
    for_each_task([&](core::task &t) {
      if (in_use(t) && stack_of(t).contains(sp))
        found = {sp, stack_of(t).end};
    });
    return found.end ? found : without_task_stacks(memory::stack_part(sp));
  }

  /// The part of a thread's stack before the first stack of a task: the kernel may join both in one
  /// mapping, and whoever touches a guard in there faults. Empty for a thread that is still on the
  /// stack of a task that has ended.
  static range without_task_stacks(range part) noexcept {
    core::for_each_stack_mapping(
        [](char *from, char *to, void *arg) {
          range &part = *static_cast<range *>(arg);
          if (address(to) > part.begin && address(from) < part.end)
            part.end = std::max(part.begin, address(from));
        },
        &part);
    return part;
  }

  void find_holdings() noexcept {
    auto add = [&](const core::execution &e) {
      e.held.for_each([&](const core::held_lock &h) {
        complete = holdings.push_back({h.lock, &e}) && complete;
      });
    };
    for_each_task([&](core::task &t) {
      if (in_use(t))
        add(t);
    });
    for_each_stopped_thread([&](core::thread_record &t) { add(t); });
    std::sort(holdings.begin(), holdings.end(),
              [](const holding &a, const holding &b) { return a.lock < b.lock; });
  }

  void exclude(const void *begin, const void *end) noexcept {
    excluded.push_back({address(begin), address(end)});
  }

  void find_excluded() noexcept {
    auto add = [](char *begin, char *end, void *self) {
      static_cast<judgement *>(self)->exclude(begin, end);
    };
    core::for_each_seed_mapping(add, this);
    core::for_each_stack_mapping(add, this);
    memory::for_each_map_region(
        [](void *list, range r) { static_cast<memory::range_list *>(list)->push_back(r); },
        &excluded);
    excluded.push_back(memory::stopped_world::books());
    excluded.push_back(known.pages());
    excluded.push_back(threads.pages());
    if (!own_stack.contains(from.frame))
      excluded.push_back(own_stack);
    for (const known_thread &k : known)
      if (k.record->is_worker)
        excluded.push_back(k.stack);
    for (const waiting_thread &w : threads) {
      excluded.push_back(w.stack);
      excluded.push_back(w.locals);
    }
  }

  /// The books of threads name primitives that they do not keep.
  void pass_over_thread_records() noexcept {
    for_each_stopped_thread([&](core::thread_record &t) {
      memory::node *n = graph.find(address(&t));
      if (n)
        n->reached = true;
      graph.mark_pointer(address(t.own_locals));
    });
  }

  bool mark_roots() noexcept {
    memory::mapped_vector<memory::stopped_thread> foreign;
    memory::range_list roots;
    find_excluded();
    pass_over_thread_records();
    for (const memory::stopped_thread &t : world.threads())
      if (const known_thread *idle = idle_pool_thread(t.tid))
        excluded.push_back(idle->stack);
      else if (!worker_of(t.tid) && !waiting_of(t.tid))
        foreign.push_back(t);
    excluded.push_back(foreign.pages());
    excluded.push_back(holdings.pages());
    const auto tls = reinterpret_cast<std::uintptr_t>(__builtin_thread_pointer());
    if (!find_roots({{foreign.begin(), foreign.size()}, excluded, from.frame, tls}, graph, roots))
      return false;
    for (const range &r : roots)
      graph.mark(r);
    mark_threads();
    mark_able_tasks();
    mark_timers();
    return true;
  }

  void mark_threads() noexcept {
    for (const memory::stopped_thread &t : world.threads()) {
      const known_thread *w = worker_of(t.tid);
      if (waiting_of(t.tid) || idle_pool_thread(t.tid))
        continue;
      if (w)
        graph.mark(memory::thread_locals(t.tls));
      const bool between_tasks = w && w->stack.contains(t.sp);
      // There a worker holds nothing of the program's, but stale words of the last task; unless it
      // runs a timer's function.
      if (between_tasks && !core::firing_timer())
        continue;
      mark_registers(t);
      if (between_tasks)
        graph.mark({t.sp - red_zone, w->stack.end});
    }
  }

  void mark_registers(const memory::stopped_thread &t) noexcept {
    graph.mark({address(t.registers), address(t.registers + std::size(t.registers))});
    graph.mark(t.vectors);
  }

  std::uintptr_t running_sp(const core::task &t) noexcept {
    range stack = stack_of(t);
    if (&t == from.who)
      return from.frame;
    for (const memory::stopped_thread &s : world.threads())
      if (stack.contains(s.sp))
        return s.sp - red_zone;
    return t.saved.sp ? address(t.saved.sp) - red_zone : stack.end;
  }

  void mark_closure(const core::closure &c) noexcept {
    graph.mark_pointer(address(c.at));
    graph.mark({address(c.space), address(c.space + sizeof c.space)});
  }

  void mark_books(const core::task &t) noexcept {
    mark_closure(t.function);
    graph.mark_pointer(address(t.own_locals));
    graph.mark_pointer(address(t.exceptions.caught));
  }

  void mark_able_tasks() noexcept {
    for_each_task([&](core::task &t) {
      if (!in_use(t) || (waits(t) && &t != from.who))
        return;
      mark_books(t);
      range stack = stack_of(t);
      std::uintptr_t sp = running_sp(t);
      if (stack.contains(sp))
        graph.mark({sp, stack.end});
    });
    core::for_each_seed(
        [](core::seed &s, void *self) { static_cast<judgement *>(self)->mark_closure(s.function); },
        this);
  }

  void mark_timers() noexcept {
    graph.mark_pointer(address(core::firing_timer()));
    core::for_each_timer(
        [](core::timer_node &n, void *self) {
          static_cast<judgement *>(self)->graph.mark_pointer(address(&n));
        },
        this);
  }

  bool reached(const void *p) noexcept {
    memory::node *n = graph.find(address(p));
    return !n || n->reached;
  }

  /// A lock opens when all who hold it give it back: one who waits for a shared lock stands behind
  /// a writer who waits for all of them.
  bool owners_can_go_on(const core::execution &waiter, bool &has_owner) noexcept {
    bool able = true;
    for_each_owner(waiter, [&](const core::execution &owner) {
      has_owner = true;
      able = able && &owner != &waiter && can_go_on(owner);
    });
    return able;
  }

  /// Calls `f` for all who hold what `waiter` waits for, as far as that is known.
  template <class F> void for_each_owner(const core::execution &waiter, F f) noexcept {
    const holding *h =
        std::lower_bound(holdings.begin(), holdings.end(), waiter.on,
                         [](const holding &a, const core::primitive *p) { return a.lock < p; });
    for (; h != holdings.end() && h->lock == waiter.on; ++h)
      if (still_holds(*h->owner, *waiter.on))
        f(*h->owner);
  }

  bool can_go_on(const core::execution &e) const noexcept {
    return !waits(e) || &e == from.who || is_live(e);
  }

  /// Whether `t` waits in run() for a main task that will return.
  bool main_can_go_on(const core::execution &t) noexcept {
    bool any = false, able = false;
    for_each_task([&](core::task &m) {
      if (!in_use(m) || !m.is_main || m.parent != t.id)
        return;
      any = true;
      able = able || can_go_on(m);
    });
    return able || !any; // it has not begun, or has ended
  }

  bool wakeable(const core::execution &t) noexcept {
    if (follows_owner(t.reason)) {
      bool has_owner = false;
      bool able = owners_can_go_on(t, has_owner);
      if (has_owner)
        return able;
    }
    if (waits_for_main(t))
      return main_can_go_on(t);
    for (std::uint32_t i = 0; i < t.all_count; ++i)
      if (reached(t.all[i]))
        return true;
    return t.all_count == 0 && t.on && reached(t.on);
  }

  void mark_live(core::execution &e) noexcept {
    e.report_mark.store(mark, std::memory_order_relaxed); // read by this thread only
  }

  /// One round over those who wait; whether anyone became live.
  bool add_live() noexcept {
    bool changed = false;
    for_each_task([&](core::task &t) {
      if (!in_use(t) || !waits(t) || &t == from.who || is_live(t) || !wakeable(t))
        return;
      changed = true;
      mark_live(t);
      mark_books(t);
      graph.mark(parked_part(t));
    });
    for (const waiting_thread &w : threads) {
      if (is_live(*w.record) || !wakeable(*w.record))
        continue;
      changed = true;
      mark_live(*w.record);
      mark_registers(*w.stopped);
      graph.mark(w.frames);
      graph.mark(w.locals);
    }
    return changed;
  }
};

} // namespace sluice::observe
