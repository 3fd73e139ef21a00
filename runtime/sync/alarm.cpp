// What stands behind timer, after, after_func and ticker.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - `lock` guards `pending` and `period`, and a delivery happens under it; so once `pending` is
// false
//   under the lock nothing is delivered any more, and what is in the channel may be drained for
//   good.
// - `control` makes stop and reset take turns. It is taken before `lock` and never by fire(), for
// which
//   disarm() waits.
// - The owner counts for one, an armed node for one. Who disarms the node, or else fire(), drops
// that.
#include "core/event.hpp"
#include "core/timer_heap.hpp"
#include "sync/channel.hpp"

#include <sluice/time.hpp>

#include <mutex>
#include <utility>

namespace sluice::core {

/// A timer of the scheduler with what it sets off.
struct alarm : timer_node {
  std::atomic<std::uint32_t> users{1};
  spinlock control;
  spinlock lock;
  bool pending = false;
  clock::duration period{0}; // zero: fires once
  sized_handle delivers_to;  // nil if there is an action
  alarm_action action;
  std::uint64_t tag = 0; // of who set it, for the task that it starts
  std::source_location made_at;
};

namespace {

void drop(alarm *a) noexcept {
  if (a->users.fetch_sub(1, std::memory_order_acq_rel) == 1)
    delete a;
}

/// Under a->lock. A receiver that has not taken the last tick misses this one.
waiter *offer_time(alarm &a, clock::time_point &now) noexcept {
  channel_body &c = *body(a.delivers_to.untyped());
  std::lock_guard hold(c.lock);
  const progress p = c.offer(&now);
  if (p.result != attempt::deliver)
    return nullptr;
  c.move(p.peer->slot, &now);
  p.peer->end = wait_end::done;
  return p.peer;
}

/// Under a->lock: the next tick that lies ahead.
clock::time_point next_tick(const alarm &a, clock::time_point now) noexcept {
  const auto missed = now > a.when ? (now - a.when) / a.period : 0;
  return a.when + (missed + 1) * a.period;
}

/// Delivers, or starts the function; whether the alarm is to be armed again.
bool go_off(alarm &a) {
  clock::time_point now = clock::now();
  waiter *woken = nullptr;
  {
    std::lock_guard hold(a.lock);
    if (!a.pending)
      return false;
    a.pending = a.period > clock::duration::zero();
    if (a.delivers_to)
      woken = offer_time(a, now);
    if (a.pending)
      a.when = next_tick(a, now);
  }
  const bool again = a.period > clock::duration::zero();
  if (woken)
    unpark(woken->who);
  if (a.action.start) {
    execution *me = self();
    const std::uint64_t own = std::exchange(me->tag, a.tag);
    a.action.start(a.action.function, a.made_at);
    me->tag = own;
  }
  return again;
}

void fire(timer_node *n) {
  auto *a = static_cast<alarm *>(n);
  happens_after(a);
  const bool again = go_off(*a);
  happens_before(a);
  if (again)
    arm(*a); // a stop() that came after go_off() waits for this function and takes it back
  else
    drop(a);
}

/// With control held. True: the caller lets it go off at once, without control, since that may
/// start a task and so yield.
bool set(alarm &a, clock::duration first, clock::duration period) noexcept {
  const std::uint64_t tag = self()->tag;
  {
    std::lock_guard hold(a.lock);
    a.tag = tag;
    a.pending = true;
    a.period = period;
    a.when = clock::in(first);
  }
  if (first <= clock::duration::zero())
    return true;
  a.users.fetch_add(1, std::memory_order_relaxed); // the caller has one, so this is not the first
  happens_before(&a);
  arm(a);
  return false;
}

/// With control held. Whether the alarm was pending.
bool unset(alarm &a) noexcept {
  bool was_pending = false;
  {
    std::lock_guard hold(a.lock);
    was_pending = std::exchange(a.pending, false);
  }
  const bool disarmed = disarm(a);
  happens_after(&a); // what fire() did, if it was first
  if (disarmed)
    drop(&a);
  if (a.delivers_to) {
    clock::time_point stale;
    channel_body &c = *body(a.delivers_to.untyped());
    std::lock_guard hold(c.lock);
    c.accept(&stale); // nobody sends to it but the alarm, so there is no peer to wake
  }
  return was_pending;
}

} // namespace

alarm_owner::alarm_owner(clock::duration first, clock::duration period, alarm_action action,
                         std::source_location where)
    : shared(new alarm) {
  shared->fire = &fire;
  shared->made_at = where;
  shared->action = std::move(action);
  shared->acts = shared->action.start != nullptr;
  if (!shared->action.start)
    shared->delivers_to = sized_handle(
        make_channel(element<clock::time_point>::type, 1, nullptr, where, primitive_kind::timer));
  operation_point();
  if (set(*shared, first, period))
    go_off(*shared);
}

alarm_owner::~alarm_owner() {
  if (!shared)
    return;
  // A channel that nobody else can receive from is not worth waiting for.
  channel_body *c = body(shared->delivers_to.untyped());
  if (c && c->handles.load(std::memory_order_acquire) == 1)
    unset(*shared);
  drop(shared);
}

recv_chan<clock::time_point> alarm_owner::channel() const noexcept {
  return shared ? recv_chan<clock::time_point>(shared->delivers_to) : nullptr;
}

bool alarm_owner::stop() noexcept {
  if (!shared)
    return false;
  operation_point();
  std::lock_guard hold(shared->control);
  return unset(*shared);
}

bool alarm_owner::reset(clock::duration first, clock::duration period) noexcept {
  operation_point();
  bool was_pending = false;
  bool at_once = false;
  {
    std::lock_guard hold(shared->control);
    was_pending = unset(*shared);
    at_once = set(*shared, first, period);
  }
  if (at_once)
    go_off(*shared);
  return was_pending;
}

} // namespace sluice::core
