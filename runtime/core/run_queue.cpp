// The ring's invariants: head <= tail <= head + capacity; only the owner moves tail; a slot is read
// before the compare-and-swap on head that makes the reading valid.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "core/run_queue.hpp"

#include <algorithm>

namespace sluice::core {

void shared_queue::push(runnable *t) noexcept {
  std::lock_guard hold(guards_list);
  list.push(t);
  size.store(list.count, std::memory_order_relaxed);
}

void shared_queue::push(runnable_list &more) noexcept {
  if (!more.first)
    return;
  std::lock_guard hold(guards_list);
  (list.last ? list.last->next : list.first) = more.first;
  list.last = more.last;
  list.count += more.count;
  size.store(list.count, std::memory_order_relaxed);
}

runnable *shared_queue::pop(runnable_list &rest, std::uint32_t share) noexcept {
  if (empty())
    return nullptr;
  std::lock_guard hold(guards_list);
  runnable *t = list.pop();
  for (std::uint32_t i = 1; i < share; ++i) {
    runnable *more = list.pop();
    if (!more)
      break;
    rest.push(more);
  }
  size.store(list.count, std::memory_order_relaxed);
  return t;
}

void run_queue::spill(std::uint32_t h, shared_queue &overflow) noexcept {
  runnable *taken[portion];
  for (std::uint32_t i = 0; i < portion; ++i)
    taken[i] = ring[(h + i) % capacity].load(std::memory_order_relaxed);
  if (!head.compare_exchange_strong(h, h + portion, std::memory_order_acq_rel))
    return; // a thief has made room
  runnable_list out;
  for (runnable *one : taken)
    out.push(one);
  overflow.push(out);
}

runnable *run_queue::steal_into(run_queue &thief) noexcept {
  std::uint32_t h = head.load(std::memory_order_acquire);
  for (;;) {
    const std::uint32_t there = tail.load(std::memory_order_acquire) - h;
    const std::uint32_t n = there - there / 2;
    if (n == 0)
      return nullptr;
    if (n > capacity / 2) { // head and tail were read at different times
      h = head.load(std::memory_order_acquire);
      continue;
    }
    const std::uint32_t own = thief.tail.load(std::memory_order_relaxed); // the caller's own ring
    for (std::uint32_t i = 0; i < n; ++i)
      thief.ring[(own + i) % capacity].store(
          ring[(h + i) % capacity].load(std::memory_order_relaxed), std::memory_order_relaxed);
    if (!head.compare_exchange_weak(h, h + n, std::memory_order_acq_rel))
      continue;
    runnable *t = thief.ring[(own + n - 1) % capacity].load(std::memory_order_relaxed);
    thief.tail.store(own + n - 1, std::memory_order_release);
    return t;
  }
}

} // namespace sluice::core
