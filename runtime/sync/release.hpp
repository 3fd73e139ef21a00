// What is done for a task once it is off its stack.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/park.hpp"
#include "core/sanitizer.hpp"
#include "sync/waiter.hpp"

#include <atomic>
#include <cstdint>

namespace sluice::core {

// These functions run on whatever stack comes next, on behalf of the one that was left. So they are
// compiled without thread instrumentation, lest an unrelated task seem to have released the lock;
// who parks says happens_before() itself.

/// Gives back the guard of the word that is `arg` and keeps the other bits.
void release_word32(void *arg) noexcept;
void release_word64(void *arg) noexcept;
/// Wakes the lazy sender that is `arg`, which has a partner now.
void release_partner(void *arg) noexcept;

/// Parks with the guard of `word` held, and gives it back.
inline std::int32_t park_guarded(ticket &t, const wait_info &info,
                                 std::atomic<std::uint32_t> &word) noexcept {
  happens_before(&word);
  return park(t, info, &release_word32, &word);
}
inline std::int32_t park_guarded(ticket &t, const wait_info &info,
                                 std::atomic<std::uint64_t> &word) noexcept {
  happens_before(&word);
  return park(t, info, &release_word64, &word);
}

/// A wait in a condition: which of park and notification came first.
struct condition_wait : waiter {
  enum : int { entering, parked, notified };
  explicit condition_wait(ticket &t) noexcept {
    who = t.who;
    of = &t;
  }
  std::atomic<int> phase{entering};
};
/// Marks the condition_wait that is `arg` as parked; if the notification came first, ends the park.
void release_condition(void *arg) noexcept;

/// The channels of a select, in the order in which they are to be unlocked.
struct channel_list {
  const primitive **channels;
  std::uint32_t count;
};
/// Unlocks the channel_list that is `arg`.
void release_channels(void *arg) noexcept;

} // namespace sluice::core
