// The mutex: a word, a queue, and hand-over to those who were overtaken too often.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - `word` is locked | waiting | woken | guard. While the guard is set only its owner writes
// `word`.
// - `queue` is guarded by the guard; `waiting` says that it is not empty.
// - `woken`: one who was taken out of the queue is on its way to try again; nobody else is woken
//   meanwhile, so that a busy lock does not wake its waiters only to disappoint them.
// - A waiter that was overtaken `patience` times is given the lock by the unlock itself.
// - unlock's last access is the one that clears `locked`.
#include <sluice/mutex.hpp>

#include "core/event.hpp"
#include "core/switch.hpp"
#include "sync/held_place.hpp"
#include "sync/release.hpp"
#include "sync/waiter.hpp"
#include "sync/word_guard.hpp"

namespace sluice::core {
namespace {

constexpr std::uint32_t locked = 1;
constexpr std::uint32_t waiting = 2;
constexpr std::uint32_t woken = 4;
constexpr std::uint32_t guarded = guard_bit<std::uint32_t>;
constexpr int patience = 8;
constexpr int longest_pause = 32; // a microsecond in all

bool try_take(exclusive_lock &m) noexcept {
  std::uint32_t seen = m.word.load(std::memory_order_relaxed);
  while (!(seen & (locked | guarded)))
    if (m.word.compare_exchange_weak(seen, seen | locked, std::memory_order_acquire,
                                     std::memory_order_relaxed))
      return true;
  return false;
}

/// True: `me` holds others, too.
inline bool note_taken(exclusive_lock &m, execution *me, std::source_location where,
                       const void *caller) noexcept {
  m.owner.store(me, std::memory_order_relaxed); // for reports only
  return me->held.push(&m, where, caller);
}

/// Waits in the queue for one wake-up; true: the lock was handed over.
bool wait_turn(exclusive_lock &m, std::uint32_t word, int overtaken, execution *me,
               std::source_location where) noexcept {
  ticket t(me);
  waiter w{.who = me, .of = &t, .starved = overtaken >= patience};
  wait_queue queue(m.queue);
  // Who was woken and overtaken keeps its place.
  if (overtaken)
    queue.push_front(w);
  else
    queue.push(w);
  m.word.store(word | waiting | guarded,
               std::memory_order_relaxed); // still guarded: nobody acts on it
  park_guarded(t, {wait_reason::lock, &m, where}, m.word);
  return w.end == wait_end::done;
}

void wait_for(exclusive_lock &m, execution *me, std::source_location where) noexcept {
  for (int pause = 1; pause <= longest_pause; pause *= 2) {
    if (try_take(m))
      return;
    for (int i = 0; i < pause; ++i)
      relax_cpu();
  }
  for (int overtaken = 0;; ++overtaken) {
    std::uint32_t word = lock_word(m.word);
    if (overtaken)
      word &= ~woken; // that was this one
    if (!(word & locked)) {
      unlock_word(m.word, word | locked);
      return;
    }
    if (wait_turn(m, word, overtaken, me, where))
      return;
  }
}

/// lock(), once begun by `me`, or from its beginning if that is null.
[[gnu::noinline]] void lock_slowly(exclusive_lock &m, execution *me, std::source_location where,
                                   const void *caller) noexcept {
  if (!me)
    me = begin_operation(&m);
  if (!try_take(m))
    wait_for(m, me, where);
  if (note_taken(m, me, where, caller))
    note_nested(*me, m, where, false);
}

/// Someone waits or is on the way: decides who is next.
[[gnu::noinline]] void give_to_next(exclusive_lock &m) noexcept {
  std::uint32_t word = lock_word(m.word);
  wait_queue queue(m.queue);
  if (!(word & waiting) || (word & woken)) {
    unlock_word(m.word, word & ~locked);
    return;
  }
  waiter *next = queue.claim();
  const bool handed = next && next->starved;
  if (queue.empty())
    word &= ~waiting;
  if (handed) {
    next->end = wait_end::done;
    m.owner.store(next->who, std::memory_order_relaxed);
  } else {
    word = (word & ~locked) | woken;
  }
  execution *who = next->who;
  unlock_word(m.word, word);
  unpark(who);
}

/// Ends an unlock whose books are done.
inline void release(exclusive_lock &m) noexcept {
  m.owner.store(nullptr, std::memory_order_relaxed);
  std::uint32_t alone = locked;
  if (!m.word.compare_exchange_strong(alone, 0, std::memory_order_release,
                                      std::memory_order_relaxed)) [[unlikely]]
    give_to_next(m);
}

/// unlock(), once begun by `me`, or from its beginning if that is null.
[[gnu::noinline]] void unlock_slowly(exclusive_lock &m, execution *me,
                                     std::source_location where) noexcept {
  if (!me)
    me = begin_release(&m);
  me->held.forget_lost();
  execution *owner = m.owner.load(std::memory_order_relaxed);
  if (owner != me) [[unlikely]] {
    report_misuse({misuse_kind::unlock_by_stranger, me, &m, where, owner, held_place(owner, m)});
    if (!owner)
      return;
    owner->held.lose(&m);
  } else {
    me->held.pop(&m);
  }
  release(m);
}

} // namespace

void lock(exclusive_lock &m, std::source_location where) noexcept {
  const void *caller = __builtin_return_address(0);
  execution *me = begin_quickly();
  std::uint32_t unlocked = 0;
  if (!me || !m.word.compare_exchange_strong(unlocked, locked, std::memory_order_acquire,
                                             std::memory_order_relaxed)) [[unlikely]]
    return lock_slowly(m, me, where, caller);
  if (note_taken(m, me, where, caller)) [[unlikely]]
    note_nested(*me, m, where, false);
}

bool try_lock(exclusive_lock &m, std::source_location where) noexcept {
  const void *caller = __builtin_return_address(0);
  execution *me = begin_operation(&m);
  if (!try_take(m))
    return false;
  note_taken(m, me, where, caller);
  return true;
}

void unlock(exclusive_lock &m, std::source_location where) noexcept {
  execution *me = release_quickly();
  if (!me || m.owner.load(std::memory_order_relaxed) != me || !me->held.pop_last(&m)) [[unlikely]]
    return unlock_slowly(m, me, where);
  release(m);
}

void destroyed(const exclusive_lock &m) noexcept {
  forget_order(m);
  if (m.word.load(std::memory_order_relaxed) == 0)
    return;
  const execution *owner = m.owner.load(std::memory_order_relaxed);
  const bool waited_on = m.word.load(std::memory_order_relaxed) & waiting;
  report_misuse(
      {waited_on ? misuse_kind::destroyed_while_waited_on : misuse_kind::destroyed_while_locked,
       self(), &m, m.made_at, owner, held_place(owner, m)});
}

} // namespace sluice::core
