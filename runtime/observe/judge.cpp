// Decides who can never run again: the reachability fixpoint.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Live are all who can run, and what they reach; a blocked task becomes live once what it waits for
// is reached by something live. A lock follows its owner. What stays is leaked. Every doubt makes
// somebody live. Between stopping the world and letting it go nothing here allocates or locks.
#include "observe/judge.hpp"

#include "core/sanitizer.hpp"
#include "core/scheduler.hpp"
#include "core/timer_heap.hpp"
#include "memory/roots.hpp"
#include "memory/sanitizer_heap.hpp"

#include <algorithm>
#include <mutex>
#include <pthread.h>

namespace sluice::observe {
namespace {

using memory::range;

constexpr std::uintptr_t red_zone = 128; // a leaf function's data below the stack pointer

std::uintptr_t address(const void *p) noexcept { return reinterpret_cast<std::uintptr_t>(p); }

/// A scheduler thread: its native stack holds nothing of the program's while it is idle.
struct scheduler_thread {
  pid_t id = 0;
  range stack;
  const core::thread_record *record = nullptr;
};

/// A lock, and one who holds it.
struct holding {
  const core::primitive *lock;
  const core::execution *owner;
};

/// Never the same for two judgements, so that an old one's marks mean nothing.
const void *new_mark() noexcept {
  static std::atomic<std::uintptr_t> last{0};
  return reinterpret_cast<const void *>(last.fetch_add(1, std::memory_order_relaxed) + 1);
}

/// Calls a function object through the registry's callbacks.
template <class F> void for_each_task(F f) {
  core::for_each_task([](core::task &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}
template <class F> void for_each_stopped_thread(F f) {
  core::for_each_stopped_thread(
      [](core::thread_record &t, void *arg) { (*static_cast<F *>(arg))(t); }, &f);
}

range native_stack(pthread_t thread) noexcept {
  pthread_attr_t attributes;
  void *bottom = nullptr;
  std::size_t size = 0;
  if (pthread_getattr_np(thread, &attributes) != 0)
    return {};
  pthread_attr_getstack(&attributes, &bottom, &size);
  pthread_attr_destroy(&attributes);
  return {address(bottom), address(bottom) + size};
}

/// Before the world stops: the look at a thread's attributes allocates.
void find_scheduler_threads(memory::mapped_vector<scheduler_thread> &out) noexcept {
  core::for_each_thread(
      [](core::thread_record &t, void *arg) {
        if (t.is_worker)
          static_cast<memory::mapped_vector<scheduler_thread> *>(arg)->push_back(
              {t.kernel_id, native_stack(t.handle), &t});
      },
      &out);
}

range stack_of(const core::task &t) noexcept {
  return {address(t.stack.bottom), address(t.stack.top)};
}

range parked_part(const core::task &t) noexcept {
  return {address(t.saved.sp) - red_zone, address(t.stack.top)};
}

bool waits(const core::execution &e) noexcept {
  return e.state.load(std::memory_order_acquire) == core::run_state::blocked && !e.has_deadline &&
         e.reason != core::wait_reason::sleep;
}

bool in_use(const core::task &t) noexcept {
  auto s = t.state.load(std::memory_order_acquire);
  return s != core::run_state::free && s != core::run_state::finished;
}

/// One judgement, from the stop on.
class judgement {
public:
  judgement(const asker &from, const memory::mapped_vector<scheduler_thread> &workers,
            const memory::stopped_world &world) noexcept
      : from(from), workers(workers), world(world) {}

  /// Marks from all roots until nobody else becomes live; false if that was not possible.
  bool run() noexcept {
    graph.add_heap();
    add_stacks();
    graph.seal();
    find_holdings();
    if (!mark_roots())
      return false;
    while (add_live())
      ;
    return graph.complete() && complete;
  }

  /// Whether `t`, which waits, can still be woken.
  bool is_live(const core::task &t) const noexcept {
    return t.report_mark.load(std::memory_order_relaxed) == mark; // written by this thread
  }

private:
  const asker &from;
  const memory::mapped_vector<scheduler_thread> &workers;
  const memory::stopped_world &world;
  memory::reach graph;
  memory::range_list excluded;
  memory::mapped_vector<holding> holdings; // in order of the locks
  const void *const mark = new_mark();     // of tasks that wait and were found able to go on
  bool complete = true;

  const scheduler_thread *worker_of(pid_t tid) noexcept {
    for (const scheduler_thread &w : workers)
      if (w.id == tid)
        return &w;
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

  static void *parked_fake_stack(const core::task &t) noexcept {
#ifdef SLUICE_ASAN
    return t.stack.sanitizer.fake_stack;
#else
    (void)t;
    return nullptr;
#endif
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
    excluded.push_back(workers.pages());
    for (const scheduler_thread &w : workers)
      excluded.push_back(w.stack);
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
      if (!worker_of(t.tid))
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
      const scheduler_thread *w = worker_of(t.tid);
      if (w)
        graph.mark(memory::thread_locals(t.tls));
      const bool between_tasks = w && w->stack.contains(t.sp);
      // There a worker holds nothing of the program's, but stale words of the last task; unless it
      // runs a timer's function.
      if (between_tasks && !core::firing_timer())
        continue;
      graph.mark({address(t.registers), address(t.registers + std::size(t.registers))});
      if (between_tasks)
        graph.mark({t.sp - red_zone, w->stack.end});
    }
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
          if (n.can_wake)
            static_cast<judgement *>(self)->graph.mark_pointer(address(&n));
        },
        this);
  }

  bool reached(const void *p) noexcept {
    memory::node *n = graph.find(address(p));
    return !n || n->reached;
  }

  /// A lock with a known owner opens only if the owner can go on.
  bool owner_can_go_on(const core::task &waiter, bool &has_owner) noexcept {
    const holding *h =
        std::lower_bound(holdings.begin(), holdings.end(), waiter.on,
                         [](const holding &a, const core::primitive *p) { return a.lock < p; });
    bool able = false;
    for (; h != holdings.end() && h->lock == waiter.on; ++h) {
      has_owner = true;
      able = able || (h->owner != &waiter && can_go_on(*h->owner));
    }
    return able;
  }

  bool can_go_on(const core::execution &e) const noexcept {
    return !e.is_task || !waits(e) || &e == from.who || is_live(static_cast<const core::task &>(e));
  }

  bool wakeable(const core::task &t) noexcept {
    if (t.reason == core::wait_reason::lock || t.reason == core::wait_reason::rlock) {
      bool has_owner = false;
      bool able = owner_can_go_on(t, has_owner);
      if (has_owner)
        return able;
    }
    for (std::uint32_t i = 0; i < t.all_count; ++i)
      if (reached(t.all[i]))
        return true;
    return t.all_count == 0 && t.on && reached(t.on);
  }

  /// One round over those who wait; whether anyone became live.
  bool add_live() noexcept {
    bool changed = false;
    for_each_task([&](core::task &t) {
      if (!in_use(t) || !waits(t) || &t == from.who || is_live(t) || !wakeable(t))
        return;
      changed = true;
      t.report_mark.store(mark, std::memory_order_relaxed); // read by this thread only
      mark_books(t);
      graph.mark(parked_part(t));
    });
    return changed;
  }
};

void copy_everyone(const asker &from, seen_list &out, judgement *by) noexcept {
  for_each_task([&](core::task &t) {
    if (!in_use(t) || &t == from.who)
      return;
    seen_task seen = look_at(t);
    if (waits(t))
      seen.judged = by && !by->is_live(t) ? verdict::leaked : verdict::maybe;
    out.push_back(seen);
  });
  core::for_each_seed(
      [](core::seed &s, void *list) { static_cast<seen_list *>(list)->push_back(look_at(s)); },
      &out);
  for_each_stopped_thread([&](core::thread_record &t) {
    if (t.is_worker || t.is_pool || &t == from.who || !waits(t))
      return;
    seen_task seen = look_at(t);
    seen.judged = verdict::maybe;
    out.push_back(seen);
  });
}

/// Keeps the lists of core whole while nobody can finish changing them.
struct core_lists_held {
  core_lists_held() noexcept {
    core::lock_timers();
    core::lock_registry();
  }
  ~core_lists_held() {
    core::unlock_registry();
    core::unlock_timers();
  }
  core_lists_held(const core_lists_held &) = delete;
};

} // namespace

certainty judge(const asker &from, seen_list &out) noexcept {
  // Several run() may end at once, but the world has one stopper.
  static std::mutex guards_stopping;
  std::lock_guard hold(guards_stopping);
  certainty c;
  c.heap_known = memory::heap_is_known();
  memory::mapped_vector<scheduler_thread> workers;
  find_scheduler_threads(workers);
  if (!c.heap_known) {
    copy_everyone(from, out, nullptr);
    return c;
  }
  // What is half entered in these lists would be missed.
  const core_lists_held lists;
  memory::stopped_world world;
  c.world_stopped = world.complete();
  judgement j(from, workers, world);
  bool judged = c.world_stopped && j.run();
  copy_everyone(from, out, judged ? &j : nullptr);
  return c;
}

bool all_at_rest(const core::execution *asker) noexcept {
  const std::uint64_t steps = core::outside_steps();
  const unsigned running = asker && asker->is_task ? 1 : 0;
  bool rest = core::worker_count() == 0 || core::is_quiescent(running); // so nobody is unstarted
  for_each_task([&](core::task &t) { rest = rest && (!in_use(t) || &t == asker || waits(t)); });
  struct census {
    const core::execution *asker;
    std::size_t known;
    bool rest;
  } c{asker, 0, rest};
  core::for_each_thread(
      [](core::thread_record &t, void *arg) {
        auto &count = *static_cast<census *>(arg);
        ++count.known;
        count.rest = count.rest && (t.is_worker || t.is_pool || &t == count.asker || waits(t));
      },
      &c);
  // They were asked one after the other; nobody has moved if no thread woke anybody meanwhile, and
  // the scheduler still has nothing to do.
  c.known += core::this_thread_if_known() == nullptr; // a task asks from a large stack
  return c.rest && c.known >= memory::thread_count() &&
         (core::worker_count() == 0 || core::is_quiescent(running)) &&
         core::outside_steps() == steps;
}

} // namespace sluice::observe
