// The once: fresh, running or finished, with a queue of those who came second.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - `word` is fresh (0), running or `finished`, and the guard. `queue` is guarded by the guard, and
//   empty unless the state is running.
// - A failed call hands `running` over to the first waiter, so that no later caller overtakes it.
// - Who runs the function holds the once, as others hold a lock; the books follow that. Who waits
//   for it while holding locks is in the graph of lock orders as if it had taken it.
#include <sluice/once.hpp>

#include "core/event.hpp"
#include "sync/release.hpp"
#include "sync/waiter.hpp"
#include "sync/word_guard.hpp"

namespace sluice::core {
namespace {

constexpr std::uint32_t running = 1;

/// True: the caller is to run the function.
bool enter(once_state &o, execution *me, std::source_location where) noexcept {
  const std::uint32_t word = lock_word(o.word);
  if (word != running) {
    unlock_word(o.word, word ? once_state::finished : running);
    return word == 0;
  }
  ticket t(me);
  waiter w{.who = me, .of = &t};
  wait_queue(o.queue).push(w);
  park_guarded(t, {wait_reason::once, &o, where}, o.word);
  return w.end == wait_end::again;
}

} // namespace

bool begin(once_state &o, std::source_location where) noexcept {
  operation_point(&o);
  if (o.word.load(std::memory_order_acquire) == once_state::finished)
    return false;
  execution *me = self();
  const bool first = enter(o, me, where);
  if (me->held.push(&o, where, nullptr))
    note_nested(*me, o, where, false);
  if (!first)
    me->held.pop(&o);
  return first;
}

void end(once_state &o, bool succeeded) noexcept {
  begin_release(&o)->held.pop(&o);
  lock_word(o.word);
  wait_queue queue(o.queue);
  if (succeeded) {
    waiter *chain = queue.claim_all();
    unlock_word(o.word, once_state::finished); // the last access
    unpark_chain(chain);
    return;
  }
  waiter *next = queue.claim();
  if (next)
    next->end = wait_end::again;
  execution *who = next ? next->who : nullptr;
  unlock_word(o.word, next ? running : 0); // the last access
  if (who)
    unpark(who);
}

void destroyed(const once_state &o) noexcept {
  forget_order(o);
  const std::uint32_t word = o.word.load(std::memory_order_relaxed);
  if (word == 0 || word == once_state::finished)
    return;
  const waiter *w = o.queue ? o.queue->next : nullptr;
  report_misuse({w ? misuse_kind::destroyed_while_waited_on : misuse_kind::destroyed_while_locked,
                 self(), &o, o.made_at, w ? w->who : nullptr, w ? w->who->where : o.made_at});
}

} // namespace sluice::core
