// What core tells the books, and the only way it does: a table of functions that start/ fills in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"

#include <source_location>

namespace sluice::core {

/// What a program must not do with a primitive.
enum class misuse_kind : std::uint8_t {
  close_of_closed,
  close_of_nil,
  send_on_closed,
  negative_wait_group,
  unlock_by_stranger,
  destroyed_while_locked,
  destroyed_while_waited_on,
  add_while_waited_on,
  ended_holding_lock,
  wait_without_lock,
};

/// One misuse: who did it, where, to what, and the place it collides with.
struct misuse {
  misuse_kind kind;
  const execution *who;
  const primitive *on;
  std::source_location where;
  const execution *other = nullptr; // the owner or a waiter
  std::source_location other_where; // where that one took it or waits; where it was made if nobody
};

/// The listeners. Each may be null. None is called with a lock of core held.
struct event_table {
  /// The first task is about to be started: the time to register what runs at exit before static
  /// objects are destroyed. Called once a process, and in a child of fork that starts tasks.
  void (*scheduler_started)() = nullptr;
  /// Every scheduler thread is idle, no timer is armed and no blocking() is under way. Called by a
  /// scheduler thread on its own stack, once a change.
  void (*quiescent)() = nullptr;
  /// A scheduler thread that slept goes to work. Called by it, on its own stack.
  void (*resumed)() = nullptr;
  /// An exception is about to leave a task and to terminate the process; runs on its stack.
  void (*uncaught)(const execution &task) = nullptr;
  /// A run() is over; runs on the thread that called it, before it returns.
  void (*run_finished)() = nullptr;
  /// A primitive was misused.
  void (*misused)(const misuse &what) = nullptr;
  /// The caller is about to block in a lock or a join, and all its wait fields are set.
  void (*about_to_wait)(const execution &who) = nullptr;
  /// The caller has taken `lock`, and may have waited for it, while it held others; it is the last
  /// in the list of what `who` holds, if it is kept there. Not called for a lock that was tried.
  void (*acquired_nested)(const execution &who, const primitive &lock, std::source_location where,
                          bool shared) noexcept = nullptr;
  /// A lock that has a number is destroyed.
  void (*numbered_lock_destroyed)(const primitive &lock) = nullptr;
  /// The stack of a task is used up. Runs in a signal handler.
  void (*stack_overflow)(const execution &task) = nullptr;
};

/// The table in use. To be filled in before the first task is started.
extern event_table events;

/// Calls events.misused if there is one.
void report_misuse(const misuse &what) noexcept;

/// Calls events.acquired_nested if there is one.
inline void note_nested(execution &who, const primitive &lock, std::source_location where,
                        bool shared) noexcept {
  if (!events.acquired_nested)
    return;
  who.held.forget_lost();
  events.acquired_nested(who, lock, where, shared);
}

/// Calls events.numbered_lock_destroyed if it has a number and there is a listener.
void forget_order(const primitive &lock) noexcept;

/// Options of core, to be set before the first task is started.
struct settings {
  unsigned procs = 0;         // 0: as many as the process may use
  std::size_t stack_size = 0; // 0: the default
  /// Whether a sleeping worker looks in on the others now and then; a test that looks for lost
  /// wake-ups sets it to false.
  bool look_in = true;
  /// Whether guards may be installed by advice, as from Linux 6.13 on; false in tests of what is
  /// done elsewhere.
  bool guard_advice = true;
  /// Whether the process began with a standard error: if not, the descriptor is some file's.
  bool has_stderr = true;
  enum class guard_kind : std::uint8_t { automatic, always, never } guard = guard_kind::automatic;
};
extern settings options;

/// Runs `f(arg)` on a stack of 8 MiB and waits for it; for exit hooks that a task has run into.
void run_on_large_stack(void (*f)(void *), void *arg) noexcept;

} // namespace sluice::core
