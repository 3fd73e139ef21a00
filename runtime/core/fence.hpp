// A pair of fences of unequal cost: almost nothing for the side that runs often.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>

namespace sluice::core {

/// Whether heavy_fence() can make every thread of the process execute a fence (Linux: membarrier).
extern std::atomic<bool> asymmetric_fences;

/// Chooses; to be called before there are threads to be fenced.
void prepare_fences() noexcept;

/// The frequent side: orders what the caller did before against what it does after, as seen by a
/// thread that calls heavy_fence() between its own two steps.
inline void light_fence() noexcept {
  if (asymmetric_fences.load(std::memory_order_relaxed)) [[likely]] // constant once set
    std::atomic_signal_fence(std::memory_order_seq_cst);
  else
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

/// The rare side; costs up to a microsecond.
void heavy_fence() noexcept;

} // namespace sluice::core
