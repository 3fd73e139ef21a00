// A set of lock orders that the graph knows already, read without a lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace sluice::observe {

/// An order is known by a number made from all locks that are held and the one that was taken; with
/// it stand the tasks that took it, until there are so many that any may. What is not in here is
/// only slower: the graph is asked. It lies on pages of its own, not on the heap.
class known_orders {
public:
  /// Instead of a task: all of them.
  static constexpr std::uint64_t everybody = ~std::uint64_t{0};
  /// As many tasks of an order are told apart.
  static constexpr unsigned most_tasks = 3;

  constexpr known_orders() = default;
  known_orders(const known_orders &) = delete;
  known_orders &operator=(const known_orders &) = delete;

  /// Whether `task` is known to take `order`, which is not 0. May be called at any time.
  bool contains(std::uint64_t order, std::uint64_t task) const noexcept;
  /// Enters that it does; the caller holds the graph's lock. True: all others had to be forgotten
  /// for it, so a number that nothing alive has may be used again.
  bool insert(std::uint64_t order, std::uint64_t task) noexcept;

private:
  struct entry {
    std::atomic<std::uint64_t> order;
    std::atomic<std::uint64_t> tasks[most_tasks]; // 0: none; everybody in the first
    bool has(std::uint64_t task) const noexcept;
    void add(std::uint64_t task) noexcept;
  };
  struct table {
    std::size_t capacity; // a power of two
    entry entries[1];     // the first of them
  };
  static constexpr std::size_t first_capacity = 256, last_capacity = 65536, longest_probe = 16;

  static entry *find(table &t, std::uint64_t order) noexcept;
  bool make_room() noexcept;

  std::atomic<table *> current{nullptr};
  std::size_t used = 0;
};

inline bool known_orders::entry::has(std::uint64_t task) const noexcept {
  // Relaxed: the ids say nothing of other memory. An entry that is given to another order meanwhile
  // can at worst hide one acquisition of this one.
  const std::uint64_t first = tasks[0].load(std::memory_order_relaxed);
  if (first == everybody || first == task)
    return true;
  for (unsigned i = 1; i < most_tasks; ++i)
    if (tasks[i].load(std::memory_order_relaxed) == task)
      return true;
  return false;
}

/// The entry of `order`, or the free one where it would stand; null if there is none.
inline known_orders::entry *known_orders::find(table &t, std::uint64_t order) noexcept {
  for (std::size_t i = 0; i < longest_probe; ++i) {
    entry &e = t.entries[(order + i) & (t.capacity - 1)];
    const std::uint64_t at = e.order.load(std::memory_order_acquire);
    if (at == order || at == 0)
      return &e;
  }
  return nullptr;
}

inline bool known_orders::contains(std::uint64_t order, std::uint64_t task) const noexcept {
  table *t = current.load(std::memory_order_acquire);
  if (!t)
    return false;
  const entry *e = find(*t, order);
  return e && e->order.load(std::memory_order_relaxed) == order &&
         e->has(task); // as acquired above
}

} // namespace sluice::observe
