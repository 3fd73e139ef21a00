// Sending and receiving: one attempt under the lock, then a wait in the queue.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "sync/select.hpp"

#include "core/event.hpp"

#include <sluice/context.hpp>
#include <sluice/select_case.hpp>

#include <array>

namespace sluice::core {
namespace {

constexpr auto never = clock::time_point::max();

/// Waits in `queue` of a channel whose lock is held, and gives that back. How the wait ended.
[[gnu::always_inline]] inline wait_end wait_in(channel_body &c, waiter *&queue, void *slot,
                                               wait_reason reason, execution *me,
                                               std::source_location where) noexcept {
  waiter w{.who = me, .slot = slot};
  wait_queue(queue).push(w);
  happens_before(&c.lock);
  park_unlocking(me, {reason, &c, where}, c.lock);
  return w.end;
}

/// The same until a deadline; `none` is the time-out.
wait_end wait_in_until(channel_body &c, waiter *&queue, void *slot, wait_info info, execution *me,
                       clock::time_point deadline) noexcept {
  ticket t(me);
  waiter w{.who = me, .of = &t, .slot = slot};
  wait_queue(queue).push(w);
  happens_before(&c.lock);
  if (park(t, info, &release_spinlock, &c.lock, deadline) != ticket::timed_out)
    return w.end;
  c.lock.lock();
  if (w.queued)
    wait_queue(queue).remove(w);
  c.lock.unlock();
  return wait_end::none;
}

// Apart from the attempts that do not wait, which so have no registers to save.
[[gnu::noinline]] void wait_to_send(channel_body &c, void *value, execution *me,
                                    std::source_location where) {
  if (wait_in(c, c.senders, value, wait_reason::send, me, where) == wait_end::closed)
    throw_send_on_closed();
}

/// Ends an attempt to send that did not block.
inline void finish_send(channel_body &c, progress p, void *value, const execution *me) {
  c.lock.unlock();
  if (p.result == attempt::deliver)
    deliver(c, p.peer, value, me);
  else if (p.result == attempt::closed)
    throw_send_on_closed();
}

/// Waits to receive, with the lock held.
[[gnu::noinline]] bool wait_to_recv(channel_body &c, void *slot, execution *me,
                                    std::source_location where) noexcept {
  const wait_end end = wait_in(c, c.receivers, slot, wait_reason::recv, me, where);
  if (end == wait_end::again) [[unlikely]]
    return recv(&c, slot, where);
  return end == wait_end::done;
}

/// Ends an attempt to receive that did not block. `again`: a lazy sender failed to make its value.
[[gnu::always_inline]] inline wait_end finish_recv(channel_body &c, progress p, void *slot,
                                                   execution *me, const wait_info &info) noexcept {
  c.lock.unlock();
  switch (p.result) {
  case attempt::done:
    if (p.peer)
      unpark_later(p.peer->who, me);
    return wait_end::done;
  case attempt::collect:
    collect(c, p.peer, slot, me);
    return wait_end::done;
  case attempt::partner:
    return collect_lazily(p.peer, slot, info) ? wait_end::done : wait_end::again;
  default:
    return wait_end::closed;
  }
}

/// send(), once begun by `me`.
[[gnu::always_inline]] inline void send_as(execution *me, channel *c, void *value,
                                           std::source_location where) {
  if (!c) [[unlikely]]
    return wait_on_nil(wait_reason::send, never, where);
  channel_body &b = *body(c);
  b.lock.lock();
  const progress p = b.offer(value);
  if (p.result == attempt::blocked)
    return wait_to_send(b, value, me, where);
  finish_send(b, p, value, me);
}

/// send() of what needs calls on the way, or where the lock is not free.
[[gnu::noinline]] void send_begun(execution *me, channel *c, void *value,
                                  std::source_location where) {
  send_as(me, c, value, where);
}

[[gnu::noinline]] void send_from_start(channel *c, void *value, std::source_location where) {
  send_as(begin_operation(c), c, value, where);
}

/// recv(), once begun by `me`.
[[gnu::always_inline]] inline bool recv_as(execution *me, channel *c, void *slot,
                                           std::source_location where) {
  if (!c) [[unlikely]] {
    wait_on_nil(wait_reason::recv, never, where);
    return false;
  }
  channel_body &b = *body(c);
  for (;;) {
    b.lock.lock();
    const progress p = b.accept(slot);
    if (p.result == attempt::blocked)
      return wait_to_recv(b, slot, me, where);
    const wait_end end = finish_recv(b, p, slot, me, {wait_reason::recv, c, where});
    if (end != wait_end::again) [[likely]]
      return end == wait_end::done;
  }
}

/// recv() of what needs calls on the way, or where the lock is not free.
[[gnu::noinline]] bool recv_begun(execution *me, channel *c, void *slot,
                                  std::source_location where) {
  return recv_as(me, c, slot, where);
}

/// Goes on with recv() at a lazy sender; the lock is held.
[[gnu::noinline]] bool recv_lazily(execution *me, channel_body &b, waiter *from, void *slot,
                                   std::source_location where) {
  b.lock.unlock();
  return collect_lazily(from, slot, {wait_reason::recv, &b, where}) ||
         recv_begun(me, &b, slot, where);
}

/// Ends a recv() at a sender that waits with a word.
[[gnu::noinline]] bool take_from(channel_body &b, waiter *from, void *slot,
                                 const execution *me) noexcept {
  b.lock.unlock();
  b.move<true>(slot, from->slot);
  from->end = wait_end::done;
  unpark_later(from->who, me);
  return true;
}

/// Goes on with recv() of words where none is buffered; the lock is held.
[[gnu::always_inline]] inline bool recv_unbuffered(execution *me, channel_body &b, void *slot,
                                                   std::source_location where) {
  // With a buffer, senders wait beside an empty one only for places that are reserved.
  if (b.capacity == 0)
    if (waiter *w = wait_queue(b.senders).claim())
      return w->lazy ? recv_lazily(me, b, w, slot, where) : take_from(b, w, slot, me);
  if (!b.is_closed.load(std::memory_order_relaxed)) // under the lock
    return wait_to_recv(b, slot, me, where);
  b.lock.unlock();
  return false;
}

/// Ends a recv() that has let a sender in.
[[gnu::noinline]] bool relieve(execution *sender, const execution *me) noexcept {
  unpark_later(sender, me);
  return true;
}

[[gnu::noinline]] void refuse_send(channel_body &b) {
  b.lock.unlock();
  throw_send_on_closed();
}

[[gnu::noinline]] void hand_to(channel_body &b, waiter *to, void *value, execution *me) noexcept {
  b.lock.unlock();
  b.move<true>(to->slot, value);
  to->end = wait_end::done;
  unpark_next(to->who, me);
}

[[gnu::noinline]] bool recv_from_start(channel *c, void *slot, std::source_location where) {
  return recv_as(begin_operation(c), c, slot, where);
}

/// Tries `entry` until `ctx` ends; whether it happened.
bool run_unless(select_entry entry, const context &ctx, wait_reason reason) {
  if (ctx.err())
    return false;
  const recv_chan<> done = ctx.done();
  slot<unit> room;
  std::array entries{entry, select_entry{.kind = case_kind::recv,
                                         .on = done.untyped(),
                                         .slot = &room,
                                         .where = entry.where}};
  if (select_as(entries, {reason, entry.on, entry.where}) != 0)
    return false;
  if (!entries[0].ok && reason == wait_reason::send)
    throw_send_on_closed();
  return entries[0].ok;
}

} // namespace

void wait_on_nil(wait_reason reason, clock::time_point deadline,
                 std::source_location where) noexcept {
  ticket t(self());
  park(t, {reason, nullptr, where}, [](void *) {}, nullptr, deadline);
}

void throw_send_on_closed() { throw channel_error("send on a closed channel"); }

// In this and in recv() every call is the last thing done, so that they save no registers.
void send(channel *c, void *value, std::source_location where) {
  execution *me = begin_quickly();
  if (!me || !c) [[unlikely]]
    return send_from_start(c, value, where);
  channel_body &b = *body(c);
  if (!b.word || !b.lock.lock_if_free()) [[unlikely]]
    return send_begun(me, c, value, where);
  if (b.is_closed.load(std::memory_order_relaxed)) [[unlikely]] // under the lock
    return refuse_send(b);
  if (waiter *w = wait_queue(b.receivers).claim())
    return hand_to(b, w, value, me);
  if (!b.has_room()) [[unlikely]]
    return wait_to_send(b, value, me, where);
  b.push<true>(value);
  b.lock.unlock();
}

bool try_send(channel *c, void *value, std::source_location) {
  execution *me = begin_operation(c);
  if (!c || body(c)->sends_block())
    return false;
  channel_body &b = *body(c);
  b.lock.lock();
  const progress p = b.offer(value);
  if (p.result == attempt::blocked) {
    b.lock.unlock();
    return false;
  }
  finish_send(b, p, value, me);
  return true;
}

bool send_until(channel *c, void *value, clock::time_point deadline, std::source_location where) {
  execution *me = begin_operation(c);
  if (!c) {
    wait_on_nil(wait_reason::send, deadline, where);
    return false;
  }
  channel_body &b = *body(c);
  b.lock.lock();
  const progress p = b.offer(value);
  if (p.result != attempt::blocked) {
    finish_send(b, p, value, me);
    return true;
  }
  const wait_info info{wait_reason::send, c, where};
  const wait_end end = wait_in_until(b, b.senders, value, info, me, deadline);
  if (end == wait_end::closed)
    throw_send_on_closed();
  return end == wait_end::done;
}

bool send_unless(channel *c, void *value, const context &ctx, std::source_location where) {
  return run_unless({.kind = case_kind::send, .on = c, .slot = value, .where = where}, ctx,
                    wait_reason::send);
}

bool recv(channel *c, void *slot, std::source_location where) {
  execution *me = begin_quickly();
  if (!me || !c) [[unlikely]]
    return recv_from_start(c, slot, where);
  channel_body &b = *body(c);
  if (!b.word || !b.lock.lock_if_free()) [[unlikely]]
    return recv_begun(me, c, slot, where);
  if (b.items() == 0)
    return recv_unbuffered(me, b, slot, where);
  b.pop<true>(slot);
  waiter *relieved = b.admit<true>();
  b.lock.unlock();
  return !relieved || relieve(relieved->who, me);
}

bool try_recv(channel *c, void *slot, std::source_location where) {
  return recv_until(c, slot, clock::time_point::min(), where);
}

bool recv_until(channel *c, void *slot, clock::time_point deadline, std::source_location where) {
  execution *me = begin_operation(c);
  const bool may_wait = deadline != clock::time_point::min();
  if (!c) {
    if (may_wait)
      wait_on_nil(wait_reason::recv, deadline, where);
    return false;
  }
  channel_body &b = *body(c);
  if (!may_wait && b.receives_block())
    return false;
  const wait_info info{wait_reason::recv, c, where};
  wait_end end = wait_end::again;
  while (end == wait_end::again) {
    b.lock.lock();
    const progress p = b.accept(slot);
    if (p.result != attempt::blocked) {
      end = finish_recv(b, p, slot, me, info);
    } else if (may_wait) {
      end = wait_in_until(b, b.receivers, slot, info, me, deadline);
    } else {
      b.lock.unlock();
      return false;
    }
  }
  return end == wait_end::done;
}

bool recv_unless(channel *c, void *slot, const context &ctx, std::source_location where) {
  return run_unless({.kind = case_kind::recv, .on = c, .slot = slot, .where = where}, ctx,
                    wait_reason::recv);
}

void close(channel *c, std::source_location where) {
  operation_point(c);
  if (!c) {
    report_misuse({misuse_kind::close_of_nil, self(), nullptr, where, nullptr, {}});
    throw channel_error("close of the nil channel");
  }
  if (close_quietly(c, where))
    return;
  report_misuse({misuse_kind::close_of_closed, self(), c, where, nullptr, body(c)->closed_at});
  throw channel_error("close of a closed channel");
}

} // namespace sluice::core
