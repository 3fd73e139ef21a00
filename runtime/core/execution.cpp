// The list of held locks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/execution.hpp"

namespace sluice::core {

void held_list::push(const primitive *lock, std::source_location where, bool shared) noexcept {
  const std::uint32_t n = count.load(std::memory_order_relaxed);
  if (n == capacity) {
    ++beyond;
    return;
  }
  entries[n] = {lock, where, shared};
  count.store(n + 1, std::memory_order_release);
}

// A reader that comes in between may miss an entry or see the one above it twice; it never sees
// half an entry that matters, since it judges only while the owner is parked.
bool held_list::pop(const primitive *lock) noexcept {
  const std::uint32_t n = count.load(std::memory_order_relaxed);
  for (std::uint32_t i = n; i-- > 0;) {
    if (entries[i].lock != lock)
      continue;
    for (std::uint32_t j = i + 1; j < n; ++j)
      entries[j - 1] = entries[j];
    count.store(n - 1, std::memory_order_release);
    return true;
  }
  if (beyond == 0)
    return false;
  --beyond;
  return true;
}

bool held_list::contains(const primitive *lock) const noexcept {
  const std::uint32_t n = count.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < n; ++i)
    if (entries[i].lock == lock)
      return true;
  return false;
}

} // namespace sluice::core
