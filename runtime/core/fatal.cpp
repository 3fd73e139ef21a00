// Lines for standard error, written without the C library's buffers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/fatal.hpp"

#include "core/event.hpp"

#include <cerrno>
#include <cstdlib>
#include <unistd.h>

namespace sluice::core {

line &line::operator<<(const char *from) noexcept {
  while (*from && length < capacity - 1)
    text[length++] = *from++;
  return *this;
}

line &line::operator<<(std::uint64_t number) noexcept {
  char digits[21];
  char *at = digits + sizeof digits;
  *--at = 0;
  do
    *--at = static_cast<char>('0' + number % 10);
  while (number /= 10);
  return *this << at;
}

void line::write() noexcept {
  line whole;
  whole << "==" << static_cast<std::uint64_t>(getpid()) << "== sluice: " << text << "\n";
  const int kept = errno;
  if (options.has_stderr && ::write(STDERR_FILENO, whole.text, whole.length) < 0) {
    // Nobody is left to tell.
  }
  errno = kept;
}

void say(const char *text) noexcept { (line() << text).write(); }

void fatal(const char *text) noexcept {
  say(text);
  std::abort();
}

} // namespace sluice::core
