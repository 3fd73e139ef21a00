// The semaphore: a count, and permits handed to those who wait.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - `word` is only the guard; it guards `count` and `queue`.
// - If anyone waits, the count is zero: release gives permits to waiters first.
#include <sluice/semaphore.hpp>

#include "core/event.hpp"
#include "sync/release.hpp"
#include "sync/waiter.hpp"
#include "sync/word_guard.hpp"

#include <stdexcept>

namespace sluice::core {
namespace {

std::ptrdiff_t checked(std::ptrdiff_t n) {
  if (n < 0)
    throw std::invalid_argument("a semaphore cannot count a negative number of permits");
  return n;
}

} // namespace

permits::permits(std::ptrdiff_t initial, const char *name, std::source_location where)
    : primitive{primitive_kind::semaphore, name, where}, count(checked(initial)) {}

void acquire(permits &s, std::source_location where) noexcept {
  operation_point(&s);
  lock_word(s.word);
  if (s.count > 0) {
    --s.count;
    unlock_word(s.word, 0);
    return;
  }
  ticket t(self());
  waiter w{.who = t.who, .of = &t};
  wait_queue(s.queue).push(w);
  park_guarded(t, {wait_reason::acquire, &s, where}, s.word);
}

bool try_acquire(permits &s) noexcept {
  operation_point(&s);
  scoped_guard guard(s.word);
  if (s.count == 0)
    return false;
  --s.count;
  return true;
}

void release(permits &s, std::ptrdiff_t n) {
  checked(n);
  operation_point(&s);
  lock_word(s.word);
  waiter *chain = nullptr;
  waiter **end = &chain;
  for (wait_queue queue(s.queue); n > 0; --n) {
    waiter *w = queue.claim();
    if (!w)
      break;
    *end = w;
    end = &w->next;
  }
  *end = nullptr;
  s.count += n;
  unlock_word(s.word, 0); // the last access
  unpark_chain(chain);
}

void destroyed(const permits &s) noexcept {
  if (!s.queue)
    return;
  const execution *other = s.queue->next->who;
  report_misuse(
      {misuse_kind::destroyed_while_waited_on, self(), &s, s.made_at, other, other->where});
}

} // namespace sluice::core
