// The waiting side of the spin lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/spinlock.hpp"

#include <algorithm>
#include <sched.h>

namespace sluice::core {

void yield_thread() noexcept { sched_yield(); }

void spinlock::wait_while_held() noexcept {
  constexpr int longest_pause = 64;
  int pause = 1;
  // Relaxed: this only decides when to try again; the exchange in lock() is what acquires.
  while (held.load(std::memory_order_relaxed)) {
    for (int i = 0; i < pause; ++i)
      relax_cpu();
    if (pause == longest_pause)
      yield_thread();
    pause = std::min(pause * 2, longest_pause);
  }
}

void release_spinlock(void *lock) noexcept { static_cast<spinlock *>(lock)->unlock(); }

} // namespace sluice::core
