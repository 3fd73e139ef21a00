// Those who stand in the queue of a primitive.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"
#include "core/park.hpp"

#include <atomic>
#include <cstdint>
#include <limits>

namespace sluice::core {

/// How a wait in a queue ended, written by whoever took the waiter out of it.
enum class wait_end : std::uint8_t {
  none,     // not yet, or by time-out
  done,     // the operation has happened
  closed,   // the channel was closed
  again,    // try from the start
  reserved, // a lazy sender: a place in the buffer is kept for its value
  partner,  // a lazy sender: `partner` waits for its value
};

/// One place in one queue. It lives on the stack of who waits. Its links and `queued` belong to the
/// lock of the queue; the rest, once it was taken out and its ticket claimed, to who did that,
/// until unpark.
struct waiter {
  execution *who = nullptr;
  ticket *of =
      nullptr; // null: stands here alone and has no deadline, so whoever takes it out has it
  waiter *next = nullptr;
  waiter *prev = nullptr;
  void *slot = nullptr;      // the value to send, or room for the one to receive
  waiter *partner = nullptr; // see wait_end::partner
  std::int32_t outcome = 0;  // what to claim the ticket with
  bool queued = false;
  bool lazy = false;    // a sender whose value is not made yet
  bool shared = false;  // a reader
  bool starved = false; // a mutex: was overtaken too often, wants it handed over
  wait_end end = wait_end::none;
};

/// The operations on a queue, which is a ring known by its last member; null when empty. That one
/// is written atomically, so `looks_empty` needs no lock.
class wait_queue {
public:
  explicit wait_queue(waiter *&last) noexcept : last(last) {}

  bool empty() const noexcept { return !last; }
  waiter *first() const noexcept { return last ? last->next : nullptr; }
  /// Puts `w` at the end.
  void push(waiter &w) noexcept {
    link(w);
    end_with(&w);
  }
  /// Puts `w` at the front.
  void push_front(waiter &w) noexcept {
    link(w);
    if (w.next == &w)
      end_with(&w);
  }
  /// Takes `w` out.
  void remove(waiter &w) noexcept {
    w.queued = false;
    w.prev->next = w.next;
    w.next->prev = w.prev;
    if (last == &w)
      end_with(w.next == &w ? nullptr : w.prev);
  }
  /// Takes the first out.
  waiter *pop() noexcept {
    waiter *w = first();
    if (w)
      remove(*w);
    return w;
  }
  /// Takes out and claims the first whose wait has not ended yet; null if there is none.
  waiter *claim() noexcept {
    while (waiter *w = pop())
      if (!w->of || w->of->claim(w->outcome))
        return w;
    return nullptr;
  }
  /// Takes `most` out into a chain by `next`, ended by null, of those whose tickets are claimed.
  waiter *claim_some(int most) noexcept {
    waiter *chain = nullptr;
    waiter **end = &chain;
    for (; most > 0; --most) {
      waiter *w = claim();
      if (!w)
        break;
      prefetch_after(*w);
      *end = w;
      end = &w->next;
    }
    *end = nullptr;
    return chain;
  }

  /// The same of all.
  waiter *claim_all() noexcept { return claim_some(std::numeric_limits<int>::max()); }

  /// Whether `queue` was empty when this looked, without its lock; what comes after in the program
  /// is seen after it.
  static bool looks_empty(waiter *&queue) noexcept {
    return !std::atomic_ref(queue).load(std::memory_order_acquire);
  }

private:
  void end_with(waiter *w) noexcept { std::atomic_ref(last).store(w, std::memory_order_relaxed); }

  /// Those who came one after the other often lie at equal distances, on neighbouring stacks.
  void prefetch_after(const waiter &w) noexcept {
    if (!last)
      return;
    const auto next = reinterpret_cast<std::uintptr_t>(last->next);
    const std::uintptr_t distance = next - reinterpret_cast<std::uintptr_t>(&w);
    __builtin_prefetch(reinterpret_cast<const void *>(next + 2 * distance), 1);
    __builtin_prefetch(last->next->who, 1);
  }

  void link(waiter &w) noexcept {
    w.queued = true;
    w.next = last ? last->next : &w;
    w.prev = last ? last : &w;
    w.next->prev = &w;
    w.prev->next = &w;
  }

  waiter *&last;
};

/// Wakes a chain made by claim_all(). No lock may be needed for it: each may be gone once woken.
inline void unpark_chain(waiter *chain) noexcept {
  while (chain) {
    waiter *next = chain->next;
    unpark(chain->who);
    chain = next;
  }
}

} // namespace sluice::core
