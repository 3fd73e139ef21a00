// The list of held locks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/execution.hpp"

namespace sluice::core {

bool held_list::contains(const primitive *lock) const noexcept {
  const std::uint32_t n = count.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < n; ++i)
    if (entries[i].lock == lock)
      return true;
  return false;
}

} // namespace sluice::core
