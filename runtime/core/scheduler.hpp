// All workers together: who sleeps, who searches, and what they share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/worker.hpp"

namespace sluice::core {

/// Starts the workers unless they run. Aborts in a child of fork that has not called run().
void start_scheduler() noexcept;

/// A run() in a child of fork starts a scheduler of its own.
void allow_start_after_fork() noexcept;

/// How many workers there are; 0 before the first task.
unsigned worker_count() noexcept;

/// The queue that all workers share.
shared_queue &shared() noexcept;

/// Queues a task that has become ready. `soon`: it runs next on this worker.
void make_ready(task *t, bool soon) noexcept;

/// A task for an idle worker, in time; sleeps until there is one.
task *find_work(worker &w) noexcept;

/// Wakes a sleeping worker to search, unless one searches already.
void wake_searcher() noexcept;

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
