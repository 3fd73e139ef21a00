// Reading memory that may turn out to be unreadable.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/fault.hpp"

#include "memory/kernel.hpp"

#include <array>
#include <csignal>
#include <cstdint>

// A sanitizer's wrapper would give the handler its own context.
#if defined(SLUICE_TSAN)
extern "C" int __sigaction(int, const struct sigaction *, struct sigaction *);
#define SLUICE_SIGACTION __sigaction
#else
#define SLUICE_SIGACTION sigaction
#endif

// Where the compiler has its own jumps they are taken, since sanitizers wrap the C library's.
#if defined(__x86_64__)
#define SLUICE_JUMP_BUFFER void *way_back[5]
#define SLUICE_SET_JUMP(buffer) __builtin_setjmp(buffer)
#define SLUICE_JUMP(buffer) __builtin_longjmp(buffer, 1)
#else
#include <csetjmp>
#define SLUICE_JUMP_BUFFER sigjmp_buf way_back
#define SLUICE_SET_JUMP(buffer) sigsetjmp(buffer, 0)
#define SLUICE_JUMP(buffer) siglongjmp(buffer, 1)
#endif

namespace sluice::memory {
namespace {

SLUICE_JUMP_BUFFER;

constexpr std::array faults{SIGSEGV, SIGBUS};
pid_t reader = 0;

void give_up(int signal) {
  if (static_cast<pid_t>(syscall(SYS_gettid)) == reader)
    SLUICE_JUMP(way_back);
  struct sigaction fatal = {}; // not ours: it happens again, and ends the process
  fatal.sa_handler = SIG_DFL;
  SLUICE_SIGACTION(signal, &fatal, nullptr);
}

/// Has faults end in give_up() while it exists.
class fault_handler {
public:
  fault_handler() noexcept {
    struct sigaction action = {};
    action.sa_handler = give_up;
    action.sa_flags = SA_ONSTACK;
    std::uint64_t open = 0; // as the kernel has it: one that is blocked would end the process
    for (std::size_t i = 0; i < faults.size(); ++i) {
      SLUICE_SIGACTION(faults[i], &action, &former[i]);
      open |= std::uint64_t{1} << (faults[i] - 1);
    }
    syscall(SYS_rt_sigprocmask, SIG_UNBLOCK, &open, &former_mask, sizeof open);
  }
  ~fault_handler() {
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &former_mask, nullptr, sizeof former_mask);
    for (std::size_t i = 0; i < faults.size(); ++i)
      SLUICE_SIGACTION(faults[i], &former[i], nullptr);
  }
  fault_handler(const fault_handler &) = delete;
  fault_handler &operator=(const fault_handler &) = delete;

private:
  std::array<struct sigaction, faults.size()> former;
  std::uint64_t former_mask = 0;
};

} // namespace

bool without_fault(void (*f)(void *), void *arg) noexcept {
  reader = static_cast<pid_t>(syscall(SYS_gettid));
  const fault_handler installed;
  if (SLUICE_SET_JUMP(way_back) != 0)
    return false;
  f(arg);
  return true;
}

} // namespace sluice::memory
