// The list of held locks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/execution.hpp"

namespace sluice::core {

bool held_list::contains(const primitive *lock) const noexcept {
  const std::uint32_t n = count.load(std::memory_order_acquire);
  for (std::uint32_t i = 0; i < n; ++i)
    if (entries[i].lock == lock && !is_lost(i))
      return true;
  return false;
}

// Nothing is noted of what is not kept, nor where there is no room: an owner that takes no other
// lock for long may lose the same one more often than it can hold.
void held_list::lose(const primitive *lock) noexcept {
  if (!contains(lock))
    return;
  for (std::atomic<const primitive *> &l : lost) {
    const primitive *none = nullptr;
    if (!l.compare_exchange_strong(none, lock, std::memory_order_release,
                                   std::memory_order_relaxed)) // then it is not touched
      continue;
    any_lost.store(true, std::memory_order_release);
    return;
  }
}

bool held_list::is_lost(std::uint32_t entry) const noexcept {
  if (!any_lost.load(std::memory_order_acquire)) [[likely]]
    return false;
  std::uint32_t older = 0, gone = 0;
  for (std::uint32_t i = 0; i < entry; ++i)
    older += entries[i].lock == entries[entry].lock;
  for (const std::atomic<const primitive *> &l : lost)
    gone += l.load(std::memory_order_acquire) == entries[entry].lock;
  return older < gone;
}

void held_list::take_out_lost() noexcept {
  any_lost.store(false, std::memory_order_seq_cst); // what is lost from here on sets it again
  for (std::atomic<const primitive *> &l : lost) {
    const primitive *lock = l.exchange(nullptr, std::memory_order_seq_cst);
    const std::uint32_t n = count.load(std::memory_order_relaxed); // its own store
    for (std::uint32_t i = 0; lock && i < n; ++i)
      if (entries[i].lock == lock) {
        take_out(i);
        break;
      }
  }
}

} // namespace sluice::core
