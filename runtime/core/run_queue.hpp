// Tasks that are ready: a worker's own ring, and the queue that all workers share.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"
#include "core/spinlock.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>

namespace sluice::core {

/// Tasks linked through runnable::next; what is pushed first is out first.
struct runnable_list {
  runnable *first = nullptr;
  runnable *last = nullptr;
  std::uint32_t count = 0;

  void push(runnable *t) noexcept {
    t->next = nullptr;
    (last ? last->next : first) = t;
    last = t;
    ++count;
  }
  /// To be taken out next.
  void push_front(runnable *t) noexcept {
    t->next = first;
    first = t;
    if (!last)
      last = t;
    ++count;
  }
  runnable *pop() noexcept {
    runnable *t = first;
    if (!t)
      return nullptr;
    first = t->next;
    if (!first)
      last = nullptr;
    --count;
    return t;
  }
};

/// The queue that all workers share.
class shared_queue {
public:
  void push(runnable *t) noexcept;
  void push(runnable_list &more) noexcept;
  /// The first task; further ones, this worker's fair share, are moved to `rest`.
  runnable *pop(runnable_list &rest, std::uint32_t share) noexcept;
  /// The first task alone.
  runnable *pop() noexcept {
    runnable_list none;
    return empty() ? nullptr : pop(none, 1);
  }
  bool empty() const noexcept { return size.load(std::memory_order_relaxed) == 0; }
  /// Empties it without a look; for the child of a fork.
  void forget() noexcept {
    list = {};
    size.store(0, std::memory_order_relaxed);
  }
  std::uint32_t count() const noexcept { return size.load(std::memory_order_relaxed); }

  spinlock guards_list;

private:
  runnable_list list;
  std::atomic<std::uint32_t> size{0}; // a hint; exact under the lock
};

/// A ring with one owner, who pushes at the tail; owner and thieves take at the head.
class run_queue {
public:
  static constexpr std::uint32_t capacity = 1024;
  /// How many move between the ring and the shared queue at a time.
  static constexpr std::uint32_t portion = 128;

  /// Owner: adds a task; when full, some of the oldest move to `overflow`.
  void push(runnable *t, shared_queue &overflow) noexcept;
  /// Owner: the oldest task. `alone`: there are no thieves.
  runnable *pop(bool alone = false) noexcept;
  /// Another worker: moves half of this ring to `thief` and returns one of them.
  runnable *steal_into(run_queue &thief) noexcept;
  bool empty() const noexcept {
    return head.load(std::memory_order_acquire) == tail.load(std::memory_order_acquire);
  }

  /// How many there are; to others than the owner a guess.
  std::uint32_t size() const noexcept {
    const std::uint32_t h = head.load(std::memory_order_relaxed);
    const std::uint32_t n = tail.load(std::memory_order_relaxed) - h;
    return n <= capacity ? n : 0; // read at different times
  }

private:
  /// Has the memory of those whose turn comes soon on its way.
  void prefetch_after(std::uint32_t h) const noexcept {
    // Relaxed, and perhaps long gone: a prefetch of whatever is harmless.
    __builtin_prefetch(ring[(h + 2) % capacity].load(std::memory_order_relaxed));
    const auto soon =
        reinterpret_cast<std::uintptr_t>(ring[(h + 1) % capacity].load(std::memory_order_relaxed));
    for (const std::uintptr_t line : {soon + 64, soon - 64, soon - 128, soon - 192})
      __builtin_prefetch(reinterpret_cast<const void *>(line)); // a parked task's stack ends at it
  }
  void spill(std::uint32_t h, shared_queue &overflow) noexcept;

  alignas(64) std::atomic<std::uint32_t> head{0};
  std::atomic<std::uint32_t> tail{0};
  std::array<std::atomic<runnable *>, capacity> ring{};
};

inline void run_queue::push(runnable *t, shared_queue &overflow) noexcept {
  for (;;) {
    const std::uint32_t h = head.load(std::memory_order_acquire);  // a thief is done with the slot
    const std::uint32_t at = tail.load(std::memory_order_relaxed); // only this thread writes it
    if (at - h < capacity) {
      ring[at % capacity].store(t, std::memory_order_relaxed); // published by the tail
      tail.store(at + 1, std::memory_order_release);
      return;
    }
    spill(h, overflow);
  }
}

inline runnable *run_queue::pop(bool alone) noexcept {
  std::uint32_t h = head.load(std::memory_order_relaxed); // checked by the exchange
  for (;;) {
    if (h == tail.load(std::memory_order_relaxed))
      return nullptr;
    runnable *t = ring[h % capacity].load(std::memory_order_relaxed);
    prefetch_after(h);
    if (alone) {
      head.store(h + 1, std::memory_order_release);
      return t;
    }
    if (head.compare_exchange_weak(h, h + 1, std::memory_order_acq_rel))
      return t;
  }
}

} // namespace sluice::core
