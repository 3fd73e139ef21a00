// What little has to be done with text while the world stands still.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The C library's functions are wrapped by sanitizers, and a thread that stands still may hold the
// locks of those wrappers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace sluice::memory {

/// Reads digits of `base` from `at` on, and moves it behind them.
inline std::uintptr_t read_number(const char *&at, unsigned base) noexcept {
  std::uintptr_t n = 0;
  for (;; ++at) {
    unsigned digit = base;
    if (*at >= '0' && *at <= '9')
      digit = static_cast<unsigned>(*at - '0');
    else if (*at >= 'a' && *at <= 'f')
      digit = static_cast<unsigned>(*at - 'a') + 10;
    if (digit >= base)
      return n;
    n = n * base + digit;
  }
}

/// Whether `text` starts with `prefix`.
inline bool begins_with(const char *text, const char *prefix) noexcept {
  for (; *prefix; ++text, ++prefix)
    if (*text != *prefix)
      return false;
  return true;
}

/// Where `part` first stands in `text`, or null.
inline const char *find_text(const char *text, const char *part) noexcept {
  for (; *text; ++text)
    if (begins_with(text, part))
      return text;
  return nullptr;
}

/// Text of a limited length, always ended by a zero.
template <std::size_t N> struct text_buffer {
  char text[N] = {};
  std::size_t size = 0;

  void append(const char *from, std::size_t most = N) noexcept {
    for (; *from && most > 0 && size + 1 < N; --most)
      text[size++] = *from++;
  }
  void append(std::uint64_t n) noexcept {
    char digits[20];
    std::size_t count = 0;
    do
      digits[count++] = static_cast<char>('0' + n % 10);
    while ((n /= 10) != 0);
    while (count > 0 && size + 1 < N)
      text[size++] = digits[--count];
  }
};

} // namespace sluice::memory
