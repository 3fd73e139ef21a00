// Parking and waking: what every primitive of sync/ is built from.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/primitive.hpp"
#include "core/spinlock.hpp"

#include <sluice/clock.hpp>

#include <atomic>
#include <cstdint>
#include <source_location>

namespace sluice::core {

/// Whoever can wait: a task, or an ordinary thread that uses a primitive. Defined in
/// core/execution.hpp.
struct execution;

/// The caller's own record; made at a thread's first use of the library. Never inlined: a task that
/// migrates must not see a thread-local address computed before a park.
[[gnu::noinline]] execution *self() noexcept;

/// What a blocked operation is, kept only while it waits.
struct wait_info {
  wait_reason reason;
  const primitive *on;                   // null: nothing (sleep)
  std::source_location where;            // the user's call
  const primitive *const *all = nullptr; // a select: every channel it waits on, `on` included
  std::uint32_t count = 0;               // how many `all` names; 0: `on` alone
};

/// One blocked operation. It lives on the parked stack; a waker and a time-out race for it by
/// claim(), and whoever wins calls unpark() exactly once.
struct ticket {
  static constexpr std::int32_t open = -1;
  static constexpr std::int32_t timed_out = -2;

  explicit ticket(execution *who) noexcept : who(who) {}
  bool claim(std::int32_t outcome) noexcept {
    std::int32_t expected = open;
    return winner.compare_exchange_strong(expected, outcome, std::memory_order_acq_rel);
  }

  execution *const who;
  std::atomic<std::int32_t> winner{open};
};

/// Parks the caller until someone has claimed `t` and called unpark(t.who). `release(arg)` runs
/// once the caller is safely off its stack (or, for a thread, committed to wait) and gives back the
/// locks that guard the queues `t` stands in. With a deadline the clock claims it as
/// ticket::timed_out; the caller then takes its waiter out of the queues itself. Returns t's
/// outcome.
std::int32_t park(ticket &t, const wait_info &info, void (*release)(void *), void *arg,
                  clock::time_point deadline = clock::time_point::max()) noexcept;

/// Makes the owner of a claimed ticket ready. May be called from any task or thread, with or
/// without locks held; touches nothing of the ticket afterwards (its stack may be gone).
void unpark(execution *who) noexcept;

/// Stands for no object: an operation that no other task can notice.
inline constexpr char nothing_shared = 0;

/// Spends one unit of the caller's budget; yields when it is used up. When exploring this is the
/// scheduling point, so every operation calls it just before its effect. `on` is the object that
/// the operation is about: two that are about different objects can change places. Null: it may
/// have to do with anything.
void operation_point(const void *on = nullptr) noexcept;

/// The same, and then self(), in one call.
[[gnu::noinline]] execution *begin_operation(const void *on = nullptr) noexcept;

/// The same for an operation that gives something back, as unlock. It does not count, since a slice
/// must not end while a lock is held; when exploring it is a scheduling point all the same.
[[gnu::noinline]] execution *begin_release(const void *on = nullptr) noexcept;

/// Lets every ready task take a turn first; a thread gives its processor away.
void yield_now() noexcept;

} // namespace sluice::core
