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

/// Waits in `queue` of a channel whose lock is held, and gives that back. How the wait ended;
/// `none` is the time-out.
wait_end wait_in(channel_body &c, waiter *&queue, void *slot, wait_info info,
                 clock::time_point deadline) noexcept {
  ticket t(self());
  waiter w{.of = &t, .slot = slot};
  wait_queue(queue).push(w);
  happens_before(&c.lock);
  if (park(t, info, &release_channel, &c, deadline) != ticket::timed_out)
    return w.end;
  c.lock.lock();
  if (w.queued)
    wait_queue(queue).remove(w);
  c.lock.unlock();
  return wait_end::none;
}

/// Sends, waiting until the deadline if `may_wait`.
bool send_by(channel_body &c, void *value, bool may_wait, clock::time_point deadline,
             std::source_location where) {
  c.lock.lock();
  const progress p = c.offer(value);
  if (p.result == attempt::blocked && may_wait) {
    const wait_end end = wait_in(c, c.senders, value, {wait_reason::send, &c, where}, deadline);
    if (end == wait_end::closed)
      throw_send_on_closed();
    return end == wait_end::done;
  }
  c.lock.unlock();
  if (p.result == attempt::closed)
    throw_send_on_closed();
  if (p.result == attempt::deliver)
    deliver(c, p.peer, value);
  return p.result != attempt::blocked;
}

/// Receives what accept() found, after unlocking. `again`: the sender failed to make its value.
wait_end finish_recv(channel_body &c, progress p, void *slot, const wait_info &info) noexcept {
  switch (p.result) {
  case attempt::done:
    if (p.peer)
      unpark(p.peer->of->who);
    return wait_end::done;
  case attempt::collect:
    collect(c, p.peer, slot);
    return wait_end::done;
  case attempt::partner:
    return collect_lazily(p.peer, slot, info) ? wait_end::done : wait_end::again;
  default:
    return wait_end::closed;
  }
}

/// Receives, waiting until the deadline if `may_wait`.
bool recv_by(channel_body &c, void *slot, bool may_wait, clock::time_point deadline,
             std::source_location where) noexcept {
  const wait_info info{wait_reason::recv, &c, where};
  wait_end end = wait_end::again;
  while (end == wait_end::again) {
    c.lock.lock();
    const progress p = c.accept(slot);
    if (p.result == attempt::blocked && may_wait) {
      end = wait_in(c, c.receivers, slot, info, deadline);
    } else {
      c.lock.unlock();
      end = finish_recv(c, p, slot, info);
    }
  }
  return end == wait_end::done;
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

void send(channel *c, void *value, std::source_location where) {
  operation_point();
  if (c)
    send_by(*body(c), value, true, never, where);
  else
    wait_on_nil(wait_reason::send, never, where);
}

bool try_send(channel *c, void *value, std::source_location where) {
  operation_point();
  return c && send_by(*body(c), value, false, never, where);
}

bool send_until(channel *c, void *value, clock::time_point deadline, std::source_location where) {
  operation_point();
  if (c)
    return send_by(*body(c), value, true, deadline, where);
  wait_on_nil(wait_reason::send, deadline, where);
  return false;
}

bool send_unless(channel *c, void *value, const context &ctx, std::source_location where) {
  return run_unless({.kind = case_kind::send, .on = c, .slot = value, .where = where}, ctx,
                    wait_reason::send);
}

bool recv(channel *c, void *slot, std::source_location where) {
  operation_point();
  if (c)
    return recv_by(*body(c), slot, true, never, where);
  wait_on_nil(wait_reason::recv, never, where);
  return false;
}

bool try_recv(channel *c, void *slot, std::source_location where) {
  operation_point();
  return c && recv_by(*body(c), slot, false, never, where);
}

bool recv_until(channel *c, void *slot, clock::time_point deadline, std::source_location where) {
  operation_point();
  if (c)
    return recv_by(*body(c), slot, true, deadline, where);
  wait_on_nil(wait_reason::recv, deadline, where);
  return false;
}

bool recv_unless(channel *c, void *slot, const context &ctx, std::source_location where) {
  return run_unless({.kind = case_kind::recv, .on = c, .slot = slot, .where = where}, ctx,
                    wait_reason::recv);
}

void close(channel *c, std::source_location where) {
  operation_point();
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
