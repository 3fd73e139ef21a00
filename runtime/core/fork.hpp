// What a child of fork may do: only the forking task or thread is there.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>

namespace sluice::core {

/// Has every fork take the locks of core, so that the child finds them free. Idempotent.
void handle_forks() noexcept;

/// Set in a child that a task has forked.
extern std::atomic<bool> task_forked;

/// True in a child that a task has forked: it may compute, exec and exit.
inline bool parking_forbidden() noexcept {
  return task_forked.load(std::memory_order_relaxed); // set before the child runs anything else
}

/// True in a child that has not called run() yet.
bool alone_after_fork() noexcept;

/// Called by run(): the child has a scheduler of its own now.
void join_scheduler_after_fork() noexcept;

} // namespace sluice::core
