// A set of lock orders that the graph knows already, read without a lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Tables are never unmapped, because somebody may be reading in one: each is twice as large as the
// one before, so all of them together are less than twice the last, which is emptied in place. A
// number is used again only after that, and who reads such a number from a lock sees the new table:
// it acquires the number.
#include "observe/known_orders.hpp"

#include "memory/kernel.hpp"

namespace sluice::observe {

void known_orders::entry::add(std::uint64_t task) noexcept {
  if (task == everybody) {
    tasks[0].store(everybody, std::memory_order_relaxed);
    return;
  }
  for (std::atomic<std::uint64_t> &t : tasks)
    if (t.load(std::memory_order_relaxed) == 0) {
      t.store(task, std::memory_order_relaxed);
      return;
    }
}

/// Replaces the table by an empty one, larger if it may grow; false if there is no memory.
bool known_orders::make_room() noexcept {
  table *old = current.load(std::memory_order_relaxed); // only written under the graph's lock
  used = 0;
  if (old && old->capacity == last_capacity) {
    for (std::size_t i = 0; i < old->capacity; ++i) {
      old->entries[i].order.store(0, std::memory_order_relaxed); // published with the next number
      for (std::atomic<std::uint64_t> &t : old->entries[i].tasks)
        t.store(0, std::memory_order_relaxed);
    }
    return true;
  }
  const std::size_t capacity = old ? old->capacity * 2 : first_capacity;
  auto *fresh = static_cast<table *>(
      memory::kernel_pages(sizeof(table) + (capacity - 1) * sizeof(entry))); // zeros: all free
  if (!fresh)
    return false;
  fresh->capacity = capacity;
  current.store(fresh, std::memory_order_release);
  return true;
}

bool known_orders::insert(std::uint64_t order, std::uint64_t task) noexcept {
  table *t = current.load(std::memory_order_relaxed); // only written under the graph's lock
  entry *e = t ? find(*t, order) : nullptr;
  const bool is_new = e && e->order.load(std::memory_order_relaxed) == 0;
  const bool full = !e || (is_new && used >= t->capacity / 2);
  if (full) {
    if (!make_room())
      return false;
    t = current.load(std::memory_order_relaxed);
    e = find(*t, order);
  }
  e->add(task);
  if (e->order.load(std::memory_order_relaxed) == 0) {
    ++used;
    e->order.store(order, std::memory_order_release);
  }
  return full;
}

} // namespace sluice::observe
