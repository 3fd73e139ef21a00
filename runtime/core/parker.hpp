// Puts one thread to sleep until another wakes it: a token that is never lost.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/clock.hpp>

#include <atomic>
#include <cstdint>

namespace sluice::core {

/// One sleeper, any number of wakers. A wake() before the wait() makes it return at once.
class parker {
public:
  /// Sleeps until a wake() or the deadline; says whether it was a wake(), which it uses up.
  bool wait(clock::time_point deadline = clock::time_point::max()) noexcept;
  /// Lets the sleeper go; two in a row count as one.
  void wake() noexcept;

  /// Whether a wake() has come that no wait() has used up.
  bool woken() const noexcept;
  /// Looks for a moment for a wake() that comes before the caller would sleep, if that has paid
  /// off.
  void watch_for_wake() noexcept;

private:
  std::atomic<std::uint32_t> word{0}; // empty, token, asleep
  // Of watch_for_wake(), whose caller alone touches them.
  int left_out = 0; // calls that do nothing
  int in_vain = 0;  // as many after the last that did something
};

/// The machine's clock, also while clock::now() is virtual.
clock::time_point real_now() noexcept;

} // namespace sluice::core
