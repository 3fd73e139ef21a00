// All workers together: who sleeps, who searches, and what they share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/fence.hpp"
#include "core/worker.hpp"

namespace sluice::core {

/// Starts the workers unless they run. Aborts in a child of fork that has not called run().
void start_scheduler() noexcept;

/// A run() in a child of fork starts a scheduler of its own.
void allow_start_after_fork() noexcept;

/// How many workers there are; 0 before the first task.
unsigned worker_count() noexcept;

/// The queue that all workers share.
extern shared_queue shared;

/// Those whose time has come, who run ahead of what any worker has queued.
extern shared_queue due;

/// A worker's fair share of that, the first of it to be run.
runnable *take_shared(worker &w) noexcept;

/// Queues a task that has become ready, behind the others.
void make_ready(runnable *r) noexcept;

/// A task for an idle worker, in time; sleeps until there is one.
runnable *find_work(worker &w) noexcept;

/// Wakes a sleeping worker to search, unless one searches already.
void wake_searcher() noexcept;

/// What whoever adds work has to know of those who sleep.
struct sleeper_state {
  alignas(64) std::atomic<unsigned> idle{0};
  std::atomic<worker *> watcher{nullptr}; // the one that looks in while others run
};
extern sleeper_state sleepers;

/// `w`, which the caller runs on, has more than it can run at once. Those who sleep are woken
/// unless that was in vain lately and one of them will look in by itself.
inline void invite_thieves(worker &w) noexcept {
  light_fence();
  if (sleepers.idle.load(std::memory_order_relaxed) == 0) // ordered by the fence
    return;
  // Relaxed: whether to wake somebody now is a guess, as the watcher looks in soon.
  if (w.quiet_left > 0 && sleepers.watcher.load(std::memory_order_relaxed)) {
    --w.quiet_left;
    return;
  }
  w.quiet_left = w.quiet.load(std::memory_order_relaxed);
  wake_searcher();
}

/// A task that has become ready waits for its turn on `w`, which the caller runs on.
inline void queue_up(worker &w, runnable *r) noexcept {
  w.queue.push(r, shared);
  if (!w.alone)
    invite_thieves(w);
}

/// A task that has become ready runs next on `w`, which the caller runs on.
inline void hand_over(worker &w, task *t) noexcept {
  if (task *old = put_next(w, t))
    w.queue.push(old, shared);
  if (!w.alone)
    invite_thieves(w);
}

/// A timer was armed that is due before all others.
void earlier_timer() noexcept;

/// Something outside of the workers has come to rest: look again whether all has.
void recheck_quiescence() noexcept;

/// The same in a few milliseconds: a thread that ends is not gone yet when it says so.
void recheck_quiescence_later() noexcept;

/// Counts what may yet bring life into an idle process: calls of blocking(), threads that wait with
/// a time-out.
void begin_outside_work() noexcept;
void end_outside_work() noexcept;
bool outside_work_under_way() noexcept;

/// Counts each time a thread outside of the workers wakes someone or is woken. Who finds everybody
/// at rest, one after the other, may believe it if nothing was counted meanwhile.
void note_outside_step() noexcept;
std::uint64_t outside_steps() noexcept;

/// Whether nothing runs, nothing is queued, no timer is armed and no outside work is under way;
/// `running` workers may run, such as the caller's own.
bool is_quiescent(unsigned running = 0) noexcept;

/// Refreshes coarse_now(); returns the time it has read.
clock::time_point refresh_coarse_clock() noexcept;

/// Fork.
void lock_scheduler() noexcept;
void unlock_scheduler() noexcept;
void forget_scheduler() noexcept;

} // namespace sluice::core
