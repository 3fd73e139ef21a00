// A copy of the process in which memory stays as it was, while the process itself goes on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "memory/twin.hpp"

#include "memory/kernel.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace sluice::memory {

shared_pages::shared_pages(std::size_t bytes) noexcept : bytes(bytes) {
  const long p = syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1L, 0L);
  at = p == -1 ? nullptr : reinterpret_cast<void *>(p);
}

shared_pages::~shared_pages() {
  if (at)
    kernel_unmap(at, bytes);
}

// Past the C library, whose fork() takes locks that a thread that stands still may hold. The
// signal for the parent at its end is none, so that no wait() of the program finds it.
pid_t start_twin(void (*f)(void *), void *arg) noexcept {
  const std::uint64_t all = ~std::uint64_t{0};
  std::uint64_t former = 0;
  const long parent = syscall(SYS_getpid);
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &former, sizeof all);
  const long twin = syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
  if (twin == 0) {
    syscall(SYS_prctl, PR_SET_PDEATHSIG, static_cast<long>(SIGKILL), 0L, 0L, 0L);
    if (syscall(SYS_getppid) == parent) // it may have ended before that call
      f(arg);
    syscall(SYS_exit_group, 0L);
  }
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &former, nullptr, sizeof former);
  return twin > 0 ? static_cast<pid_t>(twin) : 0;
}

bool twin_succeeded(pid_t twin) noexcept {
  int status = 0;
  long got = 0;
  do
    got = syscall(SYS_wait4, static_cast<long>(twin), &status, static_cast<long>(__WALL), 0L);
  while (got == -1 && errno == EINTR);
  return got == twin && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

} // namespace sluice::memory
