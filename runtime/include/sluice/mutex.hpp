// A lock for one task at a time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/named.hpp>
#include <sluice/primitive.hpp>

#include <atomic>
#include <cstdint>
#include <source_location>

namespace sluice {
namespace core {

struct execution;
struct waiter;

/// The state of a mutex. `word` holds the lock, the guard of `queue` and whether anyone waits.
struct exclusive_lock : primitive {
  constexpr exclusive_lock(const char *name, std::source_location where) noexcept
      : primitive{primitive_kind::mutex, name, where} {}

  std::atomic<std::uint32_t> word{0};
  waiter *queue = nullptr;
  std::atomic<execution *> owner{nullptr};
};

void lock(exclusive_lock &m, std::source_location where) noexcept;
bool try_lock(exclusive_lock &m, std::source_location where) noexcept;
void unlock(exclusive_lock &m, std::source_location where) noexcept;
void destroyed(const exclusive_lock &m) noexcept;

} // namespace core

/// Mutual exclusion between tasks and threads.
///
///     sluice::mutex mu;
///     std::lock_guard hold(mu);
///
/// Blocks with wait reason `lock`, also when the caller holds it already (which is reported).
/// Waiters get it in the order they came, but a running task may overtake one that was just woken.
/// May have static storage; must outlive its last `unlock`, and may be destroyed right after.
class mutex {
public:
  /// An unlocked mutex.
  constexpr mutex(std::source_location where = std::source_location::current()) noexcept
      : state(nullptr, where) {}
  /// An unlocked mutex with a name for reports; the text is not copied.
  constexpr explicit mutex(const char *name,
                           std::source_location where = std::source_location::current()) noexcept
      : state(name, where) {}
  /// An unlocked mutex with a name for reports.
  constexpr explicit mutex(named name,
                           std::source_location where = std::source_location::current()) noexcept
      : state(name.text, where) {}
  mutex(const mutex &) = delete;
  mutex &operator=(const mutex &) = delete;
  ~mutex() {
    if (state.word.load(std::memory_order_relaxed) != 0 || state.order_number != 0)
      core::destroyed(state);
  }

  /// Waits until nobody holds it, then holds it.
  void lock(std::source_location where = std::source_location::current()) noexcept {
    core::lock(state, where);
  }
  /// Holds it if nobody does; never waits.
  [[nodiscard]] bool
  try_lock(std::source_location where = std::source_location::current()) noexcept {
    return core::try_lock(state, where);
  }
  /// Gives it back. Only who locked it may.
  void unlock(std::source_location where = std::source_location::current()) noexcept {
    core::unlock(state, where);
  }

private:
  core::exclusive_lock state;
};

static_assert(sizeof(mutex) <= 48);

} // namespace sluice
