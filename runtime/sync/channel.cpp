// What happens to a channel under its lock, and to its peers right after.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sync/channel.hpp"

#include "core/event.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>

namespace sluice::core {

void channel_body::move(void *to, void *from) const noexcept {
  if (type.move)
    type.move(to, from);
  else
    std::memcpy(to, from, type.size);
}

void channel_body::destroy(void *element) const noexcept {
  if (type.destroy)
    type.destroy(element);
}

void channel_body::push(void *value) noexcept {
  std::size_t tail = head + items();
  if (tail >= capacity)
    tail -= capacity;
  move(place(tail), value);
  count.store(items() + 1, std::memory_order_relaxed); // others read it as a hint only
}

void channel_body::pop(void *slot) noexcept {
  move(slot, place(head));
  destroy(place(head));
  if (++head == capacity)
    head = 0;
  count.store(items() - 1, std::memory_order_relaxed); // others read it as a hint only
}

progress channel_body::offer(void *value) noexcept {
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

progress channel_body::accept(void *slot) noexcept {
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

waiter *channel_body::admit() noexcept {
  if (!has_room())
    return nullptr;
  waiter *w = wait_queue(senders).claim();
  if (!w)
    return nullptr;
  if (w->lazy) {
    ++reserved;
    w->end = wait_end::reserved;
  } else {
    push(w->slot);
    w->end = wait_end::done;
  }
  return w;
}

bool channel_body::can_send() noexcept {
  return is_closed.load(std::memory_order_relaxed) || has_room() ||
         wait_queue(receivers).first_open();
}

bool channel_body::can_recv() noexcept {
  return items() > 0 || is_closed.load(std::memory_order_relaxed) ||
         (capacity == 0 && wait_queue(senders).first_open());
}

void wake(waiter *w, wait_end end) noexcept {
  w->end = end;
  unpark(w->of->who);
}

void deliver(const channel_body &c, waiter *to, void *value) noexcept {
  c.move(to->slot, value);
  to->end = wait_end::done;
  unpark_next(to->of->who);
}

void collect(const channel_body &c, waiter *from, void *slot) noexcept {
  c.move(slot, from->slot);
  wake(from, wait_end::done);
}

namespace {

std::size_t buffer_offset(const element_type &type) noexcept {
  return (sizeof(channel_body) + type.align - 1) / type.align * type.align;
}

std::align_val_t alignment(const element_type &type) noexcept {
  return std::align_val_t{std::max(alignof(channel_body), type.align)};
}

} // namespace

bool collect_lazily(waiter *from, void *slot, const wait_info &info) noexcept {
  ticket t(self());
  waiter me{.of = &t, .slot = slot};
  from->partner = &me;
  happens_before(from);
  park(t, info, &release_partner, from);
  return me.end == wait_end::done;
}

channel *make_channel(const element_type &type, std::size_t capacity, const char *name,
                      std::source_location where, primitive_kind kind) {
  const std::size_t offset = buffer_offset(type);
  if (capacity > (std::numeric_limits<std::ptrdiff_t>::max() - offset) / type.size)
    throw std::bad_array_new_length();
  void *memory = ::operator new(offset + capacity * type.size, alignment(type));
  auto *c = ::new (memory) channel_body(type, capacity, name, where, kind);
  c->buffer = static_cast<std::byte *>(memory) + offset;
  return c;
}

void destroy_channel(channel *c) noexcept {
  channel_body *b = body(c);
  happens_after(&b->lock); // what those who wait here did before they parked
  for (waiter *w : {b->receivers, b->senders})
    if (w) { // a handle was destroyed under an operation on it; what waits keeps the memory
      report_misuse({misuse_kind::destroyed_while_waited_on, self(), b, b->made_at, w->of->who,
                     w->of->who->where});
      return;
    }
  for (std::size_t n = b->items(), i = b->head; n > 0; --n, i = (i + 1) % b->capacity)
    b->destroy(b->place(i));
  const std::align_val_t align = alignment(b->type);
  b->~channel_body();
  ::operator delete(b, align);
}

std::size_t checked_capacity(long long n) {
  if (n < 0)
    throw std::length_error("a channel cannot have a negative capacity");
  return static_cast<std::size_t>(n);
}

std::size_t size(const channel *c) noexcept {
  return c ? static_cast<const channel_body *>(c)->items() : 0;
}

std::size_t capacity(const channel *c) noexcept {
  return c ? static_cast<const channel_body *>(c)->capacity : 0;
}

bool close_quietly(channel *c, std::source_location where) noexcept {
  channel_body *b = body(c);
  waiter *receivers = nullptr;
  waiter *senders = nullptr;
  {
    std::lock_guard hold(b->lock);
    if (b->is_closed.load(std::memory_order_relaxed))
      return false;
    b->is_closed.store(true, std::memory_order_relaxed); // under the lock; elsewhere a hint
    b->closed_at = where;
    receivers = wait_queue(b->receivers).claim_all();
    senders = wait_queue(b->senders).claim_all();
  }
  for (waiter *chain : {receivers, senders})
    while (chain) {
      waiter *next = chain->next;
      wake(chain, wait_end::closed);
      chain = next;
    }
  return true;
}

} // namespace sluice::core
