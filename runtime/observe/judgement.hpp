// One marking of what can still run, from the roots to the last task that can be woken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"
#include "core/task.hpp"
#include "core/thread_record.hpp"
#include "memory/reach.hpp"
#include "memory/roots.hpp"
#include "observe/asker.hpp"

namespace sluice::observe {

/// A scheduler thread: its native stack holds nothing of the program's while it is idle.
struct scheduler_thread {
  pid_t id = 0;
  memory::range stack;
  const core::thread_record *record = nullptr;
};
using scheduler_threads = memory::mapped_vector<scheduler_thread>;

/// Whether `e` waits for something that somebody has to do: neither for the clock, nor for a call
/// that runs elsewhere on its behalf.
inline bool waits(const core::execution &e) noexcept {
  return e.state.load(std::memory_order_acquire) == core::run_state::blocked && !e.has_deadline &&
         e.reason != core::wait_reason::sleep && e.reason != core::wait_reason::running;
}

/// Whether a task has begun and not ended.
inline bool in_use(const core::task &t) noexcept {
  auto s = t.state.load(std::memory_order_acquire);
  return s != core::run_state::free && s != core::run_state::finished;
}

/// A task that waits, and what has become of it.
struct waiting_task {
  core::task *task = nullptr;
  bool live = false;
};

/// Live are all who can run, and what they reach; a task that waits becomes live once what it waits
/// for is reached by something live. A lock follows its owners. Made while the world stands still,
/// of which it sees only what it is told and memory itself; it allocates and locks nothing.
class judgement {
public:
  judgement(const asker &from, const scheduler_threads &workers,
            const memory::loaded_objects &objects) noexcept
      : from(from), workers(workers), objects(objects) {}

  /// The threads that stand still; true.
  bool stopped(std::span<const memory::stopped_thread> those) noexcept {
    threads = those;
    return true;
  }
  /// Takes down who waits for what, and where the roots are; false if that was not possible.
  bool prepare() noexcept;
  /// Marks until nobody else becomes live; false if the kernel gave too little memory.
  bool run() noexcept;
  /// The same in a twin of the process; false too if that did not get all memory, which the program
  /// can ask for.
  bool run_in_twin() noexcept;

  /// Whether `t` can never go on.
  bool is_leaked(const core::task &t) const noexcept {
    return waits(t) && &t != from.who && !entry_of(t).live;
  }
  bool has_leaks() const noexcept;
  /// Those who wait; after run() those not live can never go on.
  memory::mapped_vector<waiting_task> &waiting() noexcept { return waiting_; }
  /// Bytes that were looked at.
  std::size_t scanned() const noexcept { return graph.scanned(); }

private:
  using range = memory::range;
  /// A lock, and one who holds it.
  struct holding {
    const core::primitive *lock;
    const core::execution *owner;
  };
  /// One of the things that a task waits for.
  struct wait {
    std::uintptr_t on;
    std::uint32_t who;     // in waiting_
    bool by_owner = false; // a lock that somebody holds: only they can open it
  };

  const waiting_task &entry_of(const core::task &t) const noexcept;
  void add_slabs() noexcept;
  void add_tasks() noexcept;
  void add_waiting(core::task &t) noexcept;
  void add_waits(const core::task &t) noexcept;
  void add_holdings(const core::execution &e) noexcept;
  void add_all_frames() noexcept;
  void add_frames(range stack, void *fake_stack) noexcept;
  range live_part(std::uintptr_t sp) noexcept;

  static bool is_on_task_stack(std::uintptr_t sp) noexcept;
  void find_roots() noexcept;
  void exclude(range r) noexcept { complete = excluded.push_back(r) && complete; }
  void find_excluded() noexcept;
  const scheduler_thread *worker_of(pid_t tid) const noexcept;

  void watch_waits() noexcept;
  bool can_open(std::uintptr_t lock, const core::task &waiter, bool &has_owner) const noexcept;
  bool can_go_on(const core::execution &e) const noexcept;

  void pass_over_streams() noexcept;
  void mark_able() noexcept;
  void mark_threads() noexcept;
  void mark_thread(const memory::stopped_thread &t) noexcept;
  void mark_able_task(core::task &t) noexcept;
  std::uintptr_t running_sp(const core::task &t) const noexcept;
  void mark_closure(const core::closure &c) noexcept;
  void mark_books(const core::task &t) noexcept;
  void mark_timers() noexcept;

  void wake(std::uint32_t who) noexcept;
  void wake_all_on(range primitives) noexcept;
  void revive(core::task &t) noexcept;

  const asker &from;
  const scheduler_threads &workers;
  const memory::loaded_objects &objects;
  std::span<const memory::stopped_thread> threads;
  memory::process_map mappings;
  memory::reach graph;
  memory::range_list excluded;
  memory::root_lists roots;
  memory::mapped_vector<memory::stopped_thread> foreign; // all but the scheduler's
  memory::mapped_vector<waiting_task> waiting_;
  memory::mapped_vector<wait> waits_;         // in order of what is waited for
  memory::mapped_vector<holding> holdings;    // in order of the locks
  memory::mapped_vector<std::uint32_t> woken; // live, but not yet followed
  bool in_handler = false; // a scheduler thread is on a stack that is neither its own nor a task's
  bool complete = true;
};

/// All of the memory that a task's frames may lie in.
memory::range stack_range(const core::task &t) noexcept;

} // namespace sluice::observe
