// System calls that a stop of the world has interrupted go on as if nothing had been.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The kernel fails these with EINTR after any handler, as the program's own handlers rely on. It
// has no part in our stops, so its pause() must not return, nor its sleep() end early. On other
// machines than x86-64 the first argument is gone by then, and the calls fail as the system has it.
#include "memory/interrupted_call.hpp"

#include "memory/kernel.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

namespace sluice::memory {

#if defined(__x86_64__)
namespace {

/// Calls with a time limit are begun again only if there is none, if it is absolute, or if the
/// kernel leaves what is left of it where it was taken from.
bool goes_on(const sleeping_call &c) noexcept {
  constexpr std::uintptr_t for_ever_ms = 0xffffffff;
  const std::uintptr_t *a = c.arguments;
  switch (c.number) {
  case SYS_pause:
  case SYS_rt_sigsuspend:
  case SYS_msgrcv:
  case SYS_msgsnd:
  case SYS_semop:
    return true;
  case SYS_nanosleep:
    return a[0] == a[1];
  case SYS_clock_nanosleep:
    return (a[1] & TIMER_ABSTIME) || a[2] == a[3];
  case SYS_poll:
    return (a[2] & for_ever_ms) == for_ever_ms;
  case SYS_epoll_wait:
  case SYS_epoll_pwait:
    return (a[3] & for_ever_ms) == for_ever_ms;
  case SYS_rt_sigtimedwait:
    return a[2] == 0;
  case SYS_ppoll:
    return true; // the kernel writes what is left to the limit
  case SYS_select:
  case SYS_pselect6:
    return a[4] == 0;
  default:
    return false;
  }
}

bool is_after_system_call(std::uintptr_t pc) noexcept {
  const auto *code = reinterpret_cast<const volatile unsigned char *>(pc);
  return code[-2] == 0x0f && code[-1] == 0x05;
}

/// Whether a signal of the program's waits to be handled, which has to end the call.
bool signal_pending(const ucontext_t &context) noexcept {
  std::uint64_t pending = 0, blocked = 0;
  syscall(SYS_rt_sigpending, &pending, sizeof pending);
  __builtin_memcpy(&blocked, &context.uc_sigmask, sizeof blocked);
  return (pending & ~blocked) != 0;
}

void append_number(char *text, unsigned long n) noexcept {
  char digits[24];
  char *at = digits + sizeof digits;
  *--at = 0;
  do
    *--at = static_cast<char>('0' + n % 10);
  while (n /= 10);
  std::strcat(text, at);
}

} // namespace

sleeping_call call_of(pid_t tid) noexcept {
  char path[48] = "/proc/self/task/", text[256];
  append_number(path, static_cast<unsigned long>(tid));
  std::strcat(path, "/syscall");
  const int fd = kernel_open(path);
  if (fd < 0)
    return {};
  const ssize_t n = kernel_read(fd, text, sizeof text - 1);
  kernel_close(fd);
  if (n <= 0 || text[0] < '0' || text[0] > '9') // it runs
    return {};
  text[n] = 0;
  sleeping_call c;
  char *at = text;
  c.number = std::strtol(at, &at, 10);
  for (std::uintptr_t &a : c.arguments)
    a = std::strtoul(at, &at, 16);
  return goes_on(c) ? c : sleeping_call{};
}

void begin_again(const sleeping_call &c, ucontext_t &context) noexcept {
  auto &r = context.uc_mcontext.gregs;
  const auto reg = [&](int i) { return static_cast<std::uintptr_t>(r[i]); };
  const std::uintptr_t *a = c.arguments;
  if (c.number < 0 || r[REG_RAX] != -EINTR || reg(REG_RDI) != a[0] || reg(REG_RSI) != a[1] ||
      reg(REG_RDX) != a[2] || reg(REG_R10) != a[3] || !is_after_system_call(reg(REG_RIP)) ||
      signal_pending(context))
    return;
  r[REG_RAX] = c.number;
  r[REG_RIP] -= 2;
}

#else

sleeping_call call_of(pid_t) noexcept { return {}; }
void begin_again(const sleeping_call &, ucontext_t &) noexcept {}

#endif

} // namespace sluice::memory
