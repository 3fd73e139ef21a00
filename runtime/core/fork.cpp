// Takes all locks of core around a fork, and empties the child's books.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/fork.hpp"

#include "core/blocking_pool.hpp"
#include "core/registry.hpp"
#include "core/scheduler.hpp"
#include "core/stack_pool.hpp"
#include "core/timer_heap.hpp"

#include <atomic>
#include <pthread.h>

namespace sluice::core {

constinit std::atomic<bool> task_forked{false};

namespace {

constinit std::atomic<bool> alone{false};
constinit std::atomic<bool> installed{false};

// In the order in which they nest: a blocking pool starts tasks, the scheduler takes slots.
void before_fork() {
  lock_blocking_pool();
  lock_timers();
  lock_scheduler();
  lock_registry();
  lock_stack_pool();
}

void unlock_all() noexcept {
  unlock_stack_pool();
  unlock_registry();
  unlock_scheduler();
  unlock_timers();
  unlock_blocking_pool();
}

void in_parent() { unlock_all(); }

// Nothing may be allocated here. The parent's tasks stay in memory, unlisted, as their stacks do.
void in_child() {
  const worker *w = this_worker();
  const bool on_task = w && w->current;
  if (worker_count() != 0)
    alone.store(true);
  task_forked.store(on_task);
  forget_timers();
  forget_scheduler();
  forget_blocking_pool();
  forget_registry(this_thread_if_known());
  unlock_all();
}

} // namespace

void handle_forks() noexcept {
  if (!installed.exchange(true))
    pthread_atfork(before_fork, in_parent, in_child);
}

bool alone_after_fork() noexcept { return alone.load(std::memory_order_relaxed); }
void join_scheduler_after_fork() noexcept { alone.store(false, std::memory_order_relaxed); }

} // namespace sluice::core
