// A counter of permits that tasks take and give.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/named.hpp>
#include <sluice/primitive.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <source_location>

namespace sluice {
namespace core {

struct waiter;

/// The state of a semaphore. `word` guards the rest.
struct permits : primitive {
  permits(std::ptrdiff_t initial, const char *name, std::source_location where);

  std::atomic<std::uint32_t> word{0};
  waiter *queue = nullptr;
  std::ptrdiff_t count;
};

void acquire(permits &s, std::source_location where) noexcept;
bool try_acquire(permits &s) noexcept;
void release(permits &s, std::ptrdiff_t n);
void destroyed(const permits &s) noexcept;

} // namespace core

/// A number of permits. Nobody owns one, so one task may acquire and another release.
///
///     sluice::semaphore slots(4);
///     slots.acquire();
///     sluice::defer give_back([&] { slots.release(); });
///
/// Blocks with wait reason `acquire`; permits go to waiters in the order they came. May be
/// destroyed as soon as nobody waits in it, also right after the `acquire` that a `release`
/// elsewhere woke.
class semaphore {
public:
  /// Starts with `initial` permits; throws std::invalid_argument if that is negative.
  explicit semaphore(std::ptrdiff_t initial,
                     std::source_location where = std::source_location::current())
      : state(initial, nullptr, where) {}
  /// The same with a name for reports; the text is not copied.
  semaphore(const char *name, std::ptrdiff_t initial,
            std::source_location where = std::source_location::current())
      : state(initial, name, where) {}
  /// The same with a name for reports.
  semaphore(named name, std::ptrdiff_t initial,
            std::source_location where = std::source_location::current())
      : state(initial, name.text, where) {}
  semaphore(const semaphore &) = delete;
  semaphore &operator=(const semaphore &) = delete;
  ~semaphore() { core::destroyed(state); }

  /// Waits for a permit and takes it.
  void acquire(std::source_location where = std::source_location::current()) noexcept {
    core::acquire(state, where);
  }
  /// Takes a permit if there is one; never waits.
  [[nodiscard]] bool try_acquire() noexcept { return core::try_acquire(state); }
  /// Gives back `n` permits; throws std::invalid_argument if that is negative.
  void release(std::ptrdiff_t n = 1) { core::release(state, n); }

private:
  core::permits state;
};

} // namespace sluice
