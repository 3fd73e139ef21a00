// Runs something exactly once.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/named.hpp>
#include <sluice/primitive.hpp>

#include <atomic>
#include <cstdint>
#include <source_location>
#include <utility>

namespace sluice {
namespace core {

struct waiter;

/// The state of a once. `word` says how far it is, and guards `queue`.
struct once_state : primitive {
  constexpr once_state(const char *name, std::source_location where) noexcept
      : primitive{primitive_kind::once, name, where} {}

  static constexpr std::uint32_t finished = 2;
  std::atomic<std::uint32_t> word{0};
  waiter *queue = nullptr;
};

/// Waits its turn; true: the caller has to run the function and then call end().
bool begin(once_state &o, std::source_location where) noexcept;
void end(once_state &o, bool succeeded) noexcept;
void destroyed(const once_state &o) noexcept;

} // namespace core

/// Runs a function once, however many call.
///
///     static sluice::once ready;
///     ready.call([] { load_tables(); });
///
/// Later callers block with wait reason `once` until the first is through, and see what it did. If
/// the function throws, the next caller tries. Calling it again from inside the function blocks for
/// ever (and is reported). May have static storage.
class once {
public:
  /// One that has not run.
  constexpr once(std::source_location where = std::source_location::current()) noexcept
      : state(nullptr, where) {}
  /// One with a name for reports; the text is not copied.
  constexpr explicit once(const char *name,
                          std::source_location where = std::source_location::current()) noexcept
      : state(name, where) {}
  /// One with a name for reports.
  constexpr explicit once(named name,
                          std::source_location where = std::source_location::current()) noexcept
      : state(name.text, where) {}
  once(const once &) = delete;
  once &operator=(const once &) = delete;
  ~once() {
    const std::uint32_t word = state.word.load(std::memory_order_relaxed);
    if ((word != 0 && word != core::once_state::finished) || state.order_number != 0)
      core::destroyed(state);
  }

  /// Runs `f()` unless a call has succeeded before; rethrows what it throws.
  template <class F>
  void call(F &&f, std::source_location where = std::source_location::current()) {
    if (!core::begin(state, where))
      return;
    try {
      static_cast<void>(std::forward<F>(f)());
    } catch (...) {
      core::end(state, false);
      throw;
    }
    core::end(state, true);
  }

private:
  core::once_state state;
};

} // namespace sluice
