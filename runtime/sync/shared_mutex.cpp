// The shared mutex: strict order of arrival, by hand-over.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - `word` is only the guard; it guards `holders`, `queue` and `owner`. No lock is taken under it.
// - If anyone waits, somebody holds: an unlock hands over before it gives the guard back, so nobody
//   is waiting for a lock that is free.
// - The first in the queue could not be let in by what holds the lock now.
#include <sluice/shared_mutex.hpp>

#include "core/event.hpp"
#include "sync/held_place.hpp"
#include "sync/release.hpp"
#include "sync/waiter.hpp"
#include "sync/word_guard.hpp"

namespace sluice::core {
namespace {

/// Under the guard. Readers do not pass those who wait, so that writers are not starved.
bool enter(reader_writer_lock &m, bool shared, execution *me) noexcept {
  if (shared ? m.holders < 0 || m.queue : m.holders != 0)
    return false;
  m.holders = shared ? m.holders + 1 : -1;
  m.owner = shared ? nullptr : me;
  return true;
}

void enter_or_wait(reader_writer_lock &m, bool shared, std::source_location where,
                   const void *caller) noexcept {
  operation_point(&m);
  execution *me = self();
  lock_word(m.word);
  if (enter(m, shared, me)) {
    unlock_word(m.word, 0);
  } else {
    ticket t(me);
    waiter w{.who = me, .of = &t, .shared = shared};
    wait_queue(m.queue).push(w);
    park_guarded(t, {shared ? wait_reason::rlock : wait_reason::lock, &m, where}, m.word);
  }
  if (me->held.push(&m, where, caller, shared))
    note_nested(*me, m, where, shared);
}

bool enter_now(reader_writer_lock &m, bool shared, std::source_location where,
               const void *caller) noexcept {
  operation_point(&m);
  execution *me = self();
  {
    scoped_guard guard(m.word);
    if (!enter(m, shared, me))
      return false;
  }
  me->held.push(&m, where, caller, shared);
  return true;
}

/// Under the guard, when nobody holds: lets in the first writer or all readers before the next one.
waiter *hand_over(reader_writer_lock &m) noexcept {
  wait_queue queue(m.queue);
  waiter *chain = nullptr;
  waiter **end = &chain;
  while (waiter *w = queue.first()) {
    if (m.holders != 0 && !w->shared)
      break;
    queue.remove(*w);
    w->of->claim(w->outcome); // nobody waits with a time-out, so this succeeds
    m.holders = w->shared ? m.holders + 1 : -1;
    m.owner = w->shared ? nullptr : w->who;
    *end = w;
    end = &w->next;
    if (!w->shared)
      break;
  }
  *end = nullptr;
  return chain;
}

/// Gives back one hold and wakes who comes next.
void leave(reader_writer_lock &m, bool shared) noexcept {
  lock_word(m.word);
  m.holders = shared ? m.holders - 1 : 0;
  m.owner = nullptr;
  waiter *chain = m.holders == 0 ? hand_over(m) : nullptr;
  unlock_word(m.word, 0); // the last access
  unpark_chain(chain);
}

/// Whether the lock is held the way that is to be given back.
bool is_held(reader_writer_lock &m, bool shared, execution *&owner) noexcept {
  scoped_guard guard(m.word);
  owner = m.owner;
  return shared ? m.holders > 0 : m.holders < 0;
}

void check_and_leave(reader_writer_lock &m, bool shared, std::source_location where) noexcept {
  execution *me = begin_release(&m);
  if (!me->held.pop(&m)) [[unlikely]] {
    execution *owner = nullptr;
    const bool held = is_held(m, shared, owner);
    report_misuse({misuse_kind::unlock_by_stranger, me, &m, where, owner, held_place(owner, m)});
    if (!held)
      return;
    if (owner)
      owner->held.lose(&m);
  }
  leave(m, shared);
}

} // namespace

void lock(reader_writer_lock &m, std::source_location where) noexcept {
  enter_or_wait(m, false, where, __builtin_return_address(0));
}
bool try_lock(reader_writer_lock &m, std::source_location where) noexcept {
  return enter_now(m, false, where, __builtin_return_address(0));
}
void unlock(reader_writer_lock &m, std::source_location where) noexcept {
  check_and_leave(m, false, where);
}
void lock_shared(reader_writer_lock &m, std::source_location where) noexcept {
  enter_or_wait(m, true, where, __builtin_return_address(0));
}
bool try_lock_shared(reader_writer_lock &m, std::source_location where) noexcept {
  return enter_now(m, true, where, __builtin_return_address(0));
}
void unlock_shared(reader_writer_lock &m, std::source_location where) noexcept {
  check_and_leave(m, true, where);
}

void destroyed(const reader_writer_lock &m) noexcept {
  forget_order(m);
  if (m.holders == 0 && !m.queue)
    return;
  const waiter *waits = m.queue ? m.queue->next : nullptr;
  const execution *other = waits ? waits->who : m.owner;
  report_misuse(
      {waits ? misuse_kind::destroyed_while_waited_on : misuse_kind::destroyed_while_locked, self(),
       &m, m.made_at, other, waits ? other->where : held_place(other, m)});
}

} // namespace sluice::core
