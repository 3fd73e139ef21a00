// A lock for many readers or one writer.
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

/// The state of a shared_mutex. `word` guards the rest.
struct reader_writer_lock : primitive {
  constexpr reader_writer_lock(const char *name, std::source_location where) noexcept
      : primitive{primitive_kind::shared_mutex, name, where} {}

  std::atomic<std::uint32_t> word{0};
  std::int32_t holders = 0; // the readers, or -1 for a writer
  waiter *queue = nullptr;
  execution *owner = nullptr; // the writer
};

void lock(reader_writer_lock &m, std::source_location where) noexcept;
bool try_lock(reader_writer_lock &m, std::source_location where) noexcept;
void unlock(reader_writer_lock &m, std::source_location where) noexcept;
void lock_shared(reader_writer_lock &m, std::source_location where) noexcept;
bool try_lock_shared(reader_writer_lock &m, std::source_location where) noexcept;
void unlock_shared(reader_writer_lock &m, std::source_location where) noexcept;
void destroyed(const reader_writer_lock &m) noexcept;

} // namespace core

/// Many readers or one writer.
///
///     sluice::shared_mutex mu;
///     std::shared_lock reading(mu);
///
/// Blocks with wait reason `lock` (writers) or `rlock` (readers). Strictly in the order of arrival:
/// a waiting writer holds back readers that come after it, so a task that reads must not read again
/// under the same lock. May have static storage; may be destroyed right after its last unlock.
class shared_mutex {
public:
  /// An unlocked one.
  constexpr shared_mutex(std::source_location where = std::source_location::current()) noexcept
      : state(nullptr, where) {}
  /// An unlocked one with a name for reports; the text is not copied.
  constexpr explicit shared_mutex(
      const char *name, std::source_location where = std::source_location::current()) noexcept
      : state(name, where) {}
  /// An unlocked one with a name for reports.
  constexpr explicit shared_mutex(
      named name, std::source_location where = std::source_location::current()) noexcept
      : state(name.text, where) {}
  shared_mutex(const shared_mutex &) = delete;
  shared_mutex &operator=(const shared_mutex &) = delete;
  ~shared_mutex() { core::destroyed(state); }

  /// Waits until nobody holds it, then holds it alone.
  void lock(std::source_location where = std::source_location::current()) noexcept {
    core::lock(state, where);
  }
  /// Holds it alone if nobody holds it; never waits.
  [[nodiscard]] bool
  try_lock(std::source_location where = std::source_location::current()) noexcept {
    return core::try_lock(state, where);
  }
  /// Gives back what `lock` took.
  void unlock(std::source_location where = std::source_location::current()) noexcept {
    core::unlock(state, where);
  }

  /// Waits until no writer holds it or waits, then holds it beside other readers.
  void lock_shared(std::source_location where = std::source_location::current()) noexcept {
    core::lock_shared(state, where);
  }
  /// Holds it beside other readers unless a writer holds it or waits; never waits.
  [[nodiscard]] bool
  try_lock_shared(std::source_location where = std::source_location::current()) noexcept {
    return core::try_lock_shared(state, where);
  }
  /// Gives back what `lock_shared` took.
  void unlock_shared(std::source_location where = std::source_location::current()) noexcept {
    core::unlock_shared(state, where);
  }

private:
  core::reader_writer_lock state;
};

static_assert(sizeof(shared_mutex) <= 48);

} // namespace sluice
