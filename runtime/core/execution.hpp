// What the books know of everyone who can wait: of tasks and threads alike.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/context.hpp"
#include "core/primitive.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <source_location>
#include <span>

namespace sluice::core {

/// Where an execution stands. Only `blocked` makes its wait fields meaningful.
enum class run_state : std::uint8_t {
  free,     // a stack without a task
  runnable, // ready or running
  blocked,  // parked on a ticket
  finished, // ended; the stack is about to become free
};

/// One lock that an execution holds.
struct held_lock {
  const primitive *lock = nullptr;
  std::source_location where;   // where it was taken
  const void *caller = nullptr; // the code after that call, for places in a standard guard
  bool shared = false;
};

/// The locks an execution holds, newest last. Only the owner writes them; others may read at any
/// time and see each entry either whole or not at all, because `count` is published after the
/// entry. What others have given back, and may have destroyed since, stands beside them until the
/// owner comes to forget it.
class held_list {
public:
  static constexpr std::uint32_t capacity = 4;

  /// Notes that the owner took `lock`; true: it held another one, which is kept.
  bool push(const primitive *lock, std::source_location where, const void *caller,
            bool shared = false) noexcept;
  /// Notes that the owner gave `lock` back; false if it did not hold it.
  bool pop(const primitive *lock) noexcept;
  /// The same for the one taken last; false, and nothing happens, if that is not `lock`.
  bool pop_last(const primitive *lock) noexcept {
    const std::uint32_t n = count.load(std::memory_order_relaxed);
    if (n == 0 || entries[n - 1].lock != lock)
      return false;
    count.store(n - 1, std::memory_order_release);
    return true;
  }
  /// Notes that somebody else gave `lock` back, which the owner holds. Called by anyone, before the
  /// lock may be destroyed.
  void lose(const primitive *lock) noexcept;
  /// Takes out what was lost; for the owner.
  void forget_lost() noexcept {
    if (any_lost.load(std::memory_order_acquire)) [[unlikely]]
      take_out_lost();
  }
  /// Forgets all; for an execution that has ended.
  void clear() noexcept {
    count.store(0, std::memory_order_release);
    beyond = 0;
  }
  /// How many are held, those beyond the capacity included.
  std::uint32_t size() const noexcept { return count.load(std::memory_order_acquire) + beyond; }
  /// Calls `f(held_lock)` for each entry that is kept, and not lost.
  template <class F> void for_each(F &&f) const {
    const std::uint32_t n = count.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < n; ++i)
      if (!is_lost(i))
        f(entries[i]);
  }
  /// Those that are kept, for the owner.
  std::span<const held_lock> kept() const noexcept {
    return {entries, count.load(std::memory_order_relaxed)}; // its own store
  }
  /// How many are held and not kept, for the owner.
  std::uint32_t not_kept() const noexcept { return beyond; }
  /// Whether `lock` is among those kept, and not lost.
  bool contains(const primitive *lock) const noexcept;

private:
  bool is_lost(std::uint32_t entry) const noexcept;
  void take_out_lost() noexcept;
  void take_out(std::uint32_t entry) noexcept;

  held_lock entries[capacity];
  std::atomic<std::uint32_t> count{0};
  std::uint32_t beyond = 0; // locks taken when the entries were full; their places are not known
  std::atomic<bool> any_lost{false};
  std::atomic<const primitive *> lost[capacity] = {}; // of equal ones, as many of the oldest are
};

inline bool held_list::push(const primitive *lock, std::source_location where, const void *caller,
                            bool shared) noexcept {
  const std::uint32_t n = count.load(std::memory_order_relaxed);
  if (n == capacity) {
    ++beyond;
    return true;
  }
  entries[n] = {lock, where, caller, shared};
  count.store(n + 1, std::memory_order_release);
  return n != 0;
}

// A reader that comes in between may miss an entry or see the one above it twice; it never sees
// half an entry that matters, since it judges only while the owner is parked.
inline void held_list::take_out(std::uint32_t entry) noexcept {
  const std::uint32_t n = count.load(std::memory_order_relaxed); // its own store
  for (std::uint32_t i = entry + 1; i < n; ++i)
    entries[i - 1] = entries[i];
  count.store(n - 1, std::memory_order_release);
}

inline bool held_list::pop(const primitive *lock) noexcept {
  const std::uint32_t n = count.load(std::memory_order_relaxed);
  for (std::uint32_t i = n; i-- > 0;) {
    if (entries[i].lock != lock)
      continue;
    take_out(i);
    return true;
  }
  if (beyond == 0)
    return false;
  --beyond;
  return true;
}

class locals;  // core/locals.hpp: the values of task_local
struct worker; // core/worker.hpp

/// What stands in a queue of those that are ready: a task, or the seed of one.
struct runnable {
  runnable *next = nullptr;
  bool is_seed = false;
};

/// A task or a thread. Its owner writes it; the books read it at any time, and trust the wait
/// fields only while the world stands still or the state reads `blocked` before and after. What a
/// switch needs comes first, in one line of the cache.
struct execution : runnable {
  bool is_task = false;
  bool is_main = false;       // the main task of a run()
  bool is_background = false; // never called unfinished
  std::atomic<run_state> state{run_state::free};
  wait_reason reason = wait_reason::none;
  bool has_deadline = false;             // the wait ends by itself
  std::uint32_t since = 0;               // coarse_now() when it parked
  std::uint32_t all_count = 0;           // how many `all` names; 0: `on` alone
  const primitive *on = nullptr;         // what it waits for
  std::source_location where;            // the operation it waits in
  saved_context saved;                   // meaningful while a task does not run
  worker *runs_on = nullptr;             // a running task's; meaningless to others
  const primitive *const *all = nullptr; // a select: every channel it waits on
  std::source_location started_at;       // where go() was called
  std::uint64_t id = 0;                  // never used twice in a process
  std::uint64_t parent = 0;              // id of who started it
  const char *name = nullptr;            // null: none given
  std::uint64_t tag = 0;                 // inherited from who started it; a test sets it
  locals *own_locals = nullptr;
  held_list held;
};

/// The clock that `since` is read from: milliseconds, refreshed now and then by the scheduler.
extern std::atomic<std::uint32_t> coarse_clock;
inline std::uint32_t coarse_now() noexcept {
  return coarse_clock.load(std::memory_order_relaxed); // a hint
}

} // namespace sluice::core
