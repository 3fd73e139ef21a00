// What happens to a channel under its lock, and to its peers right after.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sync/channel.hpp"

#include "core/event.hpp"

#include <algorithm>
#include <limits>
#include <mutex>
#include <new>

namespace sluice::core {

void wake(waiter *w, wait_end end) noexcept {
  w->end = end;
  unpark(w->who);
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
  waiter me{.who = t.who, .of = &t, .slot = slot};
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
      report_misuse(
          {misuse_kind::destroyed_while_waited_on, self(), b, b->made_at, w->who, w->who->where});
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

namespace {

// Ends all waits in `queue` of a channel that nobody enters any more. A few at a time, so that who
// else wants the lock need not wait for a hundred thousand.
void wake_all(channel_body &c, waiter *&queue, wait_end end) noexcept {
  constexpr int portion = 64;
  for (;;) {
    waiter *chain = nullptr;
    {
      std::lock_guard hold(c.lock);
      chain = wait_queue(queue).claim_some(portion);
    }
    if (!chain)
      return;
    while (chain) {
      waiter *next = chain->next;
      wake(chain, end);
      chain = next;
    }
  }
}

} // namespace

bool close_quietly(channel *c, std::source_location where) noexcept {
  channel_body *b = body(c);
  // Whoever is woken may drop the last handle, the caller's included.
  b->handles.fetch_add(1, std::memory_order_relaxed); // the caller has one, so it is not zero
  const channel_handle keep(c);
  {
    std::lock_guard hold(b->lock);
    if (b->is_closed.load(std::memory_order_relaxed))
      return false;
    b->is_closed.store(true, std::memory_order_relaxed); // under the lock; elsewhere a hint
    b->closed_at = where;
  }
  wake_all(*b, b->receivers, wait_end::closed);
  wake_all(*b, b->senders, wait_end::closed);
  return true;
}

} // namespace sluice::core
