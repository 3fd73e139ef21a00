// Waits for a number of things to be done.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/named.hpp>
#include <sluice/primitive.hpp>

#include <atomic>
#include <cstdint>
#include <source_location>

namespace sluice {
namespace core {

struct waiter;

/// A counter and those who wait for its zero. The upper half of `word` is the count; the lower
/// guards `queue`.
struct countdown : primitive {
  constexpr countdown(primitive_kind kind, const char *name, std::source_location where) noexcept
      : primitive{kind, name, where} {}

  std::atomic<std::uint64_t> word{0};
  waiter *queue = nullptr;
};

void add(countdown &c, std::int64_t n, std::source_location where);
void wait(countdown &c, std::source_location where) noexcept;
void destroyed_in_use(const countdown &c) noexcept;

} // namespace core

/// Counts what is under way; `wait` returns when the count is zero.
///
///     sluice::wait_group wg;
///     wg.add(2);
///     for (int i = 0; i < 2; ++i)
///       sluice::go([&] { work(); wg.done(); });
///     wg.wait();
///
/// Blocks with wait reason `wait`. What was done before `done` is seen after `wait`. May be
/// destroyed as soon as `wait` has returned. Adding from zero while another task waits is misuse.
class wait_group {
public:
  /// Starts at zero.
  constexpr wait_group(std::source_location where = std::source_location::current()) noexcept
      : state(core::primitive_kind::wait_group, nullptr, where) {}
  /// Starts at zero, with a name for reports; the text is not copied.
  constexpr explicit wait_group(
      const char *name, std::source_location where = std::source_location::current()) noexcept
      : state(core::primitive_kind::wait_group, name, where) {}
  /// Starts at zero, with a name for reports.
  constexpr explicit wait_group(
      named name, std::source_location where = std::source_location::current()) noexcept
      : state(core::primitive_kind::wait_group, name.text, where) {}
  wait_group(const wait_group &) = delete;
  wait_group &operator=(const wait_group &) = delete;
  ~wait_group() {
    if (static_cast<std::uint32_t>(state.word.load(std::memory_order_relaxed)) != 0)
      core::destroyed_in_use(state);
  }

  /// Adds `n`, which may be negative; throws std::logic_error if the count would become so.
  void add(std::int64_t n = 1, std::source_location where = std::source_location::current()) {
    core::add(state, n, where);
  }
  /// Takes one off; throws std::logic_error at zero.
  void done(std::source_location where = std::source_location::current()) {
    core::add(state, -1, where);
  }
  /// Waits until the count is zero.
  void wait(std::source_location where = std::source_location::current()) noexcept {
    core::wait(state, where);
  }

private:
  core::countdown state;
};

} // namespace sluice
