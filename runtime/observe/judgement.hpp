// One marking of what can still run, from the roots to the last who can be woken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "memory/reach.hpp"
#include "memory/roots.hpp"
#include "observe/asker.hpp"
#include "observe/wait_books.hpp"

namespace sluice::observe {

/// Live are all who can run, and what they reach; who waits becomes live once what it waits for is
/// reached by something live. A lock follows its owners, a thread in run() its main task. Made
/// while the world stands still, of which it sees only what it is told and memory itself; it
/// allocates and locks nothing.
class judgement {
public:
  /// `own_stack`: of the thread that judges, which need not be the asker's.
  judgement(const asker &from, const known_threads &known, const memory::loaded_objects &objects,
            range own_stack) noexcept
      : from(from), known(known), objects(objects), own_stack(own_stack) {}

  /// The threads that stand still; true.
  bool stopped(std::span<const memory::stopped_thread> those) noexcept {
    threads_ = those;
    return true;
  }
  /// Takes down who waits for what, and where the roots are; false if that was not possible.
  bool prepare() noexcept;
  /// Marks until nobody else becomes live; false if the kernel gave too little memory.
  bool run() noexcept;
  /// The same in a twin of the process; false too if that did not get all memory, which the program
  /// can ask for.
  bool run_in_twin() noexcept;

  /// After run(): whether `e` can never go on.
  bool is_stuck(const core::execution &e) const noexcept {
    const parked *p = find(e);
    return p && !p->live;
  }
  bool has_stuck() const noexcept;
  /// One who waits, and waits in the judgement's eyes: null for one that has just begun to.
  const parked *find(const core::execution &e) const noexcept;
  /// Those who wait; after run() those not live can never go on.
  wait_books &waiting() noexcept { return books; }
  memory::reach &memory_graph() noexcept { return graph; }
  std::span<const memory::stopped_thread> threads() const noexcept { return threads_; }
  /// The one who waits with the kernel's thread `tid`; null: it does not.
  const parked *parked_thread(pid_t tid) const noexcept;

private:
  void add_slabs() noexcept;
  void add_tasks() noexcept;
  void add_threads() noexcept;
  void add_thread(const known_thread &k, const memory::stopped_thread &s) noexcept;
  void add_all_frames() noexcept;
  void add_frames(range stack, void *fake_stack) noexcept;
  range live_part(std::uintptr_t sp) noexcept;

  static bool is_on_task_stack(std::uintptr_t sp) noexcept;
  void find_roots() noexcept;
  void exclude(range r) noexcept { complete = excluded.push_back(r) && complete; }
  void find_excluded() noexcept;
  void exclude_stacks() noexcept;
  const known_thread *known_as(pid_t tid) const noexcept;

  void watch_waits() noexcept;
  bool can_open(const core::execution &waiter, bool &has_owner) const noexcept;
  bool can_go_on(const core::execution &e) const noexcept;
  bool main_can_go_on(const core::execution &thread) const noexcept;

  void pass_over_streams() noexcept;
  void pass_over_signal_stack(const core::thread_record &t) noexcept;
  void mark_able() noexcept;
  void mark_threads() noexcept;
  void mark_thread(const memory::stopped_thread &t) noexcept;
  void mark_able_task(const core::task &t) noexcept;
  std::uintptr_t running_sp(const core::task &t) const noexcept;
  void mark_registers(const memory::stopped_thread &t, bool with_vectors) noexcept;
  void mark_closure(const core::closure &c) noexcept;
  void mark_books(const core::task &t) noexcept;
  void mark_timers() noexcept;

  void wake(std::uint32_t who) noexcept;
  void wake_all_on(range primitives) noexcept;
  void wake_run_of(const core::execution &main) noexcept;
  void prefetch_woken() const noexcept;
  void revive(const parked &p) noexcept;

  const asker &from;
  const known_threads &known;
  const memory::loaded_objects &objects;
  const range own_stack;
  std::span<const memory::stopped_thread> threads_;
  memory::process_map mappings;
  memory::reach graph;
  memory::range_list excluded;
  memory::root_lists roots;
  memory::mapped_vector<memory::stopped_thread> foreign; // those whose whole stack is live
  memory::mapped_vector<const core::task *> able;        // not waiting in the judgement's eyes
  memory::mapped_vector<const core::task *> mains;
  wait_books books;
  std::uint32_t first_thread = 0;             // in the books: before it are tasks
  memory::mapped_vector<std::uint32_t> woken; // live, but not yet followed
  bool in_handler = false; // a scheduler thread is on a stack that is neither its own nor a task's
  bool complete = true;
};

} // namespace sluice::observe
