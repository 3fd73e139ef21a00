// Words to the user from places where nothing may be allocated or locked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

namespace sluice::core {

/// A line built in place, for signal handlers and for ends without memory.
class line {
public:
  line &operator<<(const char *text) noexcept;
  line &operator<<(std::uint64_t number) noexcept;
  /// Writes it to standard error, with the process's prefix, at once.
  void write() noexcept;

private:
  static constexpr unsigned capacity = 500;
  char text[capacity + 1] = {};
  unsigned length = 0;
};

/// Writes one line.
void say(const char *text) noexcept;

/// Writes one line and aborts.
[[noreturn]] void fatal(const char *text) noexcept;

} // namespace sluice::core
