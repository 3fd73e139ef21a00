// The rare side of the unequal fences.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/fence.hpp"

#include "core/fatal.hpp"

#include <cerrno>

#ifdef __linux__
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace sluice::core {

constinit std::atomic<bool> asymmetric_fences{false};

#ifdef __linux__
namespace {

bool membarrier(int command) noexcept {
  const int kept = errno;
  const bool done = syscall(SYS_membarrier, command, 0, 0) == 0;
  errno = kept;
  return done;
}

} // namespace

void prepare_fences() noexcept {
  asymmetric_fences.store(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED),
                          std::memory_order_relaxed); // the threads that read it start later
}

void heavy_fence() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (asymmetric_fences.load(std::memory_order_relaxed) &&
      !membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
    fatal("the system has withdrawn membarrier");
}
#else
void prepare_fences() noexcept {}
void heavy_fence() noexcept { std::atomic_thread_fence(std::memory_order_seq_cst); }
#endif

} // namespace sluice::core
