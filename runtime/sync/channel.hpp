// The untyped channel from the inside.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/spinlock.hpp"
#include "core/switch.hpp"
#include "sync/release.hpp"
#include "sync/waiter.hpp"

#include <sluice/channel.hpp>

#include <cstdint>
#include <cstring>

namespace sluice::core {

/// How an attempt at an operation went.
enum class attempt : std::uint8_t {
  blocked, // it would have to wait
  done,    // it has happened; `peer`, if any, is to be woken after unlocking
  closed,
  deliver, // sender: the value goes to `peer`, who waits for it
  collect, // receiver: the value is `peer`'s, who waits
  partner, // receiver: `peer` is a lazy sender, who has to make its value first
  reserve, // lazy sender: a place in the buffer is kept for the value
};

struct progress {
  attempt result;
  waiter *peer = nullptr; // claimed, and out of the queue
};

/// A channel. `lock` guards all of it but the handles; under it run only moves of elements, which
/// do not throw. `count` and `is_closed` may be read without it, as a hint.
///
/// Invariants, whenever the lock is free
/// - receivers wait only if nothing is buffered; senders only if count + reserved == capacity;
/// - both wait at once only as cases of selects that cannot meet themselves, or with places
/// reserved;
/// - once closed nobody waits.
struct channel_body : channel {
  channel_body(const element_type &type, std::size_t capacity, const char *name,
               std::source_location where, primitive_kind kind) noexcept
      : channel{{kind, name, where}, {1}, type, capacity},
        word(type.move || type.destroy || (type.size != 4 && type.size != 8) ? 0 : type.size) {}

  /// Each is called with the lock held.
  /// Tries to send the value, or to find a taker for one that is not made yet (null).
  progress offer(void *value) noexcept;
  /// Tries to receive into `slot`.
  progress accept(void *slot) noexcept;
  /// Lets the first waiting sender use room that has become free; whom to wake.
  template <bool words = false> waiter *admit() noexcept;
  /// Whether offer() or accept() would have been blocked at some moment of the call; needs no lock.
  /// May say no although they would.
  bool sends_block() noexcept;
  bool receives_block() noexcept;

  template <bool words = false> void push(void *value) noexcept;
  template <bool words = false> void pop(void *slot) noexcept;
  template <bool words = false> void move(void *to, void *from) const noexcept;
  void destroy(void *element) const noexcept;
  template <bool words = false> std::byte *place(std::size_t i) const noexcept {
    return buffer + i * (words ? word : type.size);
  }
  bool has_room() const noexcept { return items() + reserved < capacity; }
  std::size_t items() const noexcept { return count.load(std::memory_order_relaxed); }

  /// The size of elements that are copied as one word, which calls no function; 0 for all others.
  /// Who knows that it is not 0 may choose `words`.
  const std::size_t word;
  std::byte *buffer = nullptr;
  std::size_t head = 0;
  std::size_t reserved = 0; // places kept for lazy senders
  std::source_location closed_at;
  spinlock lock;
  std::atomic<bool> is_closed{false};
  std::atomic<std::size_t> count{0};
  waiter *receivers = nullptr;
  waiter *senders = nullptr;
};

template <bool words> inline void channel_body::move(void *to, void *from) const noexcept {
  if (word == sizeof(std::uint64_t))
    std::memcpy(to, from, sizeof(std::uint64_t));
  else if (words || word == sizeof(std::uint32_t))
    std::memcpy(to, from, sizeof(std::uint32_t));
  else if (type.move)
    type.move(to, from);
  else
    std::memcpy(to, from, type.size);
}

inline void channel_body::destroy(void *element) const noexcept {
  if (type.destroy)
    type.destroy(element);
}

template <bool words> inline void channel_body::push(void *value) noexcept {
  std::size_t tail = head + items();
  if (tail >= capacity)
    tail -= capacity;
  move<words>(place<words>(tail), value);
  count.store(items() + 1, std::memory_order_relaxed); // others read it as a hint only
}

template <bool words> inline void channel_body::pop(void *slot) noexcept {
  move<words>(slot, place<words>(head));
  if (!words)
    destroy(place(head));
  if (++head == capacity)
    head = 0;
  count.store(items() - 1, std::memory_order_relaxed); // others read it as a hint only
}

[[gnu::always_inline]] inline progress channel_body::offer(void *value) noexcept {
  if (is_closed.load(std::memory_order_relaxed))
    return {attempt::closed};
  if (waiter *w = wait_queue(receivers).claim())
    return {attempt::deliver, w};
  if (!has_room())
    return {attempt::blocked};
  if (!value) {
    ++reserved;
    return {attempt::reserve};
  }
  push(value);
  return {attempt::done};
}

[[gnu::always_inline]] inline progress channel_body::accept(void *slot) noexcept {
  if (items() > 0) {
    pop(slot);
    return {attempt::done, admit()};
  }
  // With a buffer, senders wait beside an empty one only for places that are reserved.
  if (capacity == 0)
    if (waiter *w = wait_queue(senders).claim())
      return {w->lazy ? attempt::partner : attempt::collect, w};
  return {is_closed.load(std::memory_order_relaxed) ? attempt::closed : attempt::blocked};
}

template <bool words> [[gnu::always_inline]] inline waiter *channel_body::admit() noexcept {
  if (!has_room())
    return nullptr;
  waiter *w = wait_queue(senders).claim();
  if (!w)
    return nullptr;
  if (w->lazy) {
    ++reserved;
    w->end = wait_end::reserved;
  } else {
    push<words>(w->slot);
    w->end = wait_end::done;
  }
  return w;
}

// Each looks at what may end the waiting first and at is_closed last. Once closed a channel stays
// so: what reads as open at the end was open at the first look too.
inline bool channel_body::sends_block() noexcept {
  const bool no_taker = capacity ? count.load(std::memory_order_acquire) >= capacity
                                 : wait_queue::looks_empty(receivers);
  return no_taker && !is_closed.load(std::memory_order_relaxed);
}

inline bool channel_body::receives_block() noexcept {
  const bool nothing_there =
      capacity ? count.load(std::memory_order_acquire) == 0 : wait_queue::looks_empty(senders);
  return nothing_there && !is_closed.load(std::memory_order_relaxed);
}

inline channel_body *channel_at(const channel_list &list, std::uint32_t i) noexcept {
  // Sound: only channels are entered in a list, and none is const.
  return static_cast<channel_body *>(const_cast<primitive *>(list.channels[i]));
}

inline channel_body *body(channel *c) noexcept { return static_cast<channel_body *>(c); }

/// After unlocking: gives `value` to a receiver that waits, who runs next.
inline void deliver(const channel_body &c, waiter *to, void *value, const execution *me) noexcept {
  c.move(to->slot, value);
  to->end = wait_end::done;
  unpark_next(to->who, me);
}
/// After unlocking: takes the value of a sender that waits, who queues up: it has nothing to do for
/// the caller, while the caller has the value.
inline void collect(const channel_body &c, waiter *from, void *slot, const execution *me) noexcept {
  c.move(slot, from->slot);
  from->end = wait_end::done;
  unpark_later(from->who, me);
}
/// After unlocking: has a lazy sender make its value. False: it failed, and the receiver tries
/// again.
bool collect_lazily(waiter *from, void *slot, const wait_info &info) noexcept;
/// Ends the claimed wait of `w`.
void wake(waiter *w, wait_end end) noexcept;
/// Parks for ever, or until the deadline.
void wait_on_nil(wait_reason reason, clock::time_point deadline,
                 std::source_location where) noexcept;
/// close() from where one must not park; false if it was closed already.
bool close_quietly(channel *c, std::source_location where) noexcept;

} // namespace sluice::core
