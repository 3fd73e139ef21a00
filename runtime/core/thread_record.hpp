// What is known of an ordinary thread that uses the library.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"
#include "core/parker.hpp"

#include <pthread.h>
#include <span>
#include <sys/types.h>

namespace sluice::core {

/// Made at a thread's first use of the library, gone with the thread.
struct thread_record : execution {
  parker sleep;
  pthread_t handle{};
  pid_t kernel_id = 0;
  bool is_worker = false;           // a scheduler thread; its waits are the tasks'
  bool is_pool = false;             // a thread of blocking()
  bool is_watch = false;            // looks for deadlocks
  std::atomic<bool> has_job{false}; // a thread of blocking() that runs something of the program's
  std::span<char> signal_stack;     // one of the library's making
  /// Whether the library started it, so that it waits for nothing of the program's.
  bool is_own() const noexcept { return is_worker || is_pool || is_watch; }
  thread_record *previous = nullptr;
  thread_record *following = nullptr;
};

/// The calling thread's record, even when a task runs on it. Never inlined, see self().
[[gnu::noinline]] thread_record *this_thread() noexcept;

/// The same, but null instead of making one; for places that must not allocate.
[[gnu::noinline]] thread_record *this_thread_if_known() noexcept;

} // namespace sluice::core
