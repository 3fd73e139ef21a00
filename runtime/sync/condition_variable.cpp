// The condition variable: a queue that is entered before the lock is given back.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - `word` is only the guard; it guards `queue`.
// - A waiter enters the queue while it holds the user's lock and parks after giving that back. It
// may
//   be notified in between: `phase` decides whether the notification or the park came first.
// - The user's lock is never touched under the guard: it may be of any type, and may park.
// - Who was notified does not touch the condition again, so it may be gone by then.
#include <sluice/condition_variable.hpp>

#include "core/event.hpp"
#include "sync/release.hpp"
#include "sync/waiter.hpp"
#include "sync/word_guard.hpp"

namespace sluice::core {
namespace {

/// Claimed by a notification: whom to unpark, or null if it has not parked yet and need not.
execution *notify(waiter *w) noexcept {
  execution *who = w->who;
  auto &phase = static_cast<condition_wait *>(w)->phase;
  return phase.exchange(condition_wait::notified, std::memory_order_acq_rel) ==
                 condition_wait::parked
             ? who
             : nullptr;
}

void withdraw(condition &c, waiter &w) noexcept {
  scoped_guard guard(c.word);
  if (w.queued)
    wait_queue(c.queue).remove(w);
}

/// Gives the lock back, or leaves the queue if that fails.
void unlock_or_withdraw(condition &c, waiter &w, lock_ref lock) {
  try {
    lock.unlock(lock.lock);
  } catch (...) {
    withdraw(c, w);
    throw;
  }
}

/// False: the time-out came first.
bool wait_for_notification(condition &c, ticket &t, condition_wait &w, const wait_info &info,
                           clock::time_point deadline) noexcept {
  // Acquires what the notification released, here and below: a notification that came before the
  // park has not unparked anyone.
  if (w.phase.load(std::memory_order_acquire) == condition_wait::notified)
    return true;
  if (park(t, info, &release_condition, &w, deadline) == ticket::timed_out) {
    withdraw(c, w);
    // The time-out may come before release_condition() has run, which still needs `w`.
    while (w.phase.load(std::memory_order_acquire) == condition_wait::entering)
      yield_thread();
    return false;
  }
  return w.phase.load(std::memory_order_acquire) == condition_wait::notified;
}

} // namespace

bool wait(condition &c, lock_ref lock, clock::time_point deadline, std::source_location where) {
  operation_point(&c);
  ticket t(self());
  condition_wait w(t);
  {
    scoped_guard guard(c.word);
    wait_queue(c.queue).push(w);
  }
  unlock_or_withdraw(c, w, lock);
  const bool in_time = wait_for_notification(c, t, w, {wait_reason::cond, &c, where}, deadline);
  lock.relock(lock.lock);
  return in_time;
}

void notify_one(condition &c) noexcept {
  operation_point(&c);
  execution *who = nullptr;
  {
    scoped_guard guard(c.word);
    if (waiter *w = wait_queue(c.queue).claim())
      who = notify(w);
  }
  if (who)
    unpark(who);
}

void notify_all(condition &c) noexcept {
  operation_point(&c);
  waiter *chain = nullptr;
  waiter **end = &chain;
  {
    scoped_guard guard(c.word);
    for (wait_queue queue(c.queue); waiter *w = queue.claim();)
      if (notify(w)) { // parked, so its links stay ours until unpark
        *end = w;
        end = &w->next;
      }
    *end = nullptr;
  }
  unpark_chain(chain);
}

void destroyed(const condition &c) noexcept {
  if (!c.queue)
    return;
  const execution *other = c.queue->next->who;
  report_misuse(
      {misuse_kind::destroyed_while_waited_on, self(), &c, c.made_at, other, other->where});
}

} // namespace sluice::core
