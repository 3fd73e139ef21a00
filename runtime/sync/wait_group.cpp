// The countdown behind wait_group and task_group.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - The upper half of `word` is the count; the lower half is waiting | guard.
// - `queue` is guarded by the guard; `waiting` says that it is not empty, and then the count is not
//   zero: whoever brings it to zero empties the queue under the guard.
// - Nobody who waited touches the countdown after it was woken, so it may be gone by then.
#include <sluice/wait_group.hpp>

#include "core/event.hpp"
#include "sync/release.hpp"
#include "sync/waiter.hpp"
#include "sync/word_guard.hpp"

#include <limits>
#include <stdexcept>

namespace sluice::core {
namespace {

constexpr std::uint64_t waiting = 1;
constexpr std::uint64_t guarded = guard_bit<std::uint64_t>;
constexpr std::uint64_t one = std::uint64_t{1} << 32;

std::int64_t count_of(std::uint64_t word) noexcept { return static_cast<std::int64_t>(word / one); }

/// A wait in a countdown. Once woken it stands in `returning` until it has returned: an addition
/// from zero looks for it there, since it cannot look into a countdown that may be gone.
struct group_wait : waiter {
  const countdown *group = nullptr;
  std::source_location where;
  group_wait *later = nullptr;
  group_wait *earlier = nullptr;
};

/// The waits that were woken and have not returned.
struct returning_waits {
  std::atomic<std::uint32_t> word{0}; // guards the list
  std::atomic<group_wait *> newest{nullptr};

  void add(group_wait &w) noexcept {
    w.earlier = newest.load(std::memory_order_relaxed);
    if (w.earlier)
      w.earlier->later = &w;
    newest.store(&w, std::memory_order_relaxed);
  }
  void remove(group_wait &w) noexcept {
    scoped_guard guard(word);
    if (w.earlier)
      w.earlier->later = w.later;
    if (w.later)
      w.later->earlier = w.earlier;
    else
      newest.store(w.earlier, std::memory_order_relaxed);
  }
};
constinit returning_waits returning;

/// Reports an addition from zero while another is still in its wait.
void check_reuse(const countdown &c, std::source_location where) noexcept {
  // Relaxed: a wait that this thread cannot know of yet is none that it could race with.
  if (!returning.newest.load(std::memory_order_relaxed)) [[likely]]
    return;
  misuse found{misuse_kind::add_while_waited_on, self(), &c, where, nullptr, {}};
  {
    scoped_guard guard(returning.word);
    for (group_wait *w = returning.newest.load(std::memory_order_relaxed); w; w = w->earlier)
      if (w->group == &c) {
        found.other = w->who;
        found.other_where = w->where;
        break;
      }
  }
  if (found.other)
    report_misuse(found);
}

/// Throws if the count cannot become `count`.
void check_count(const countdown &c, std::int64_t count, std::source_location where) {
  if (count < 0) {
    report_misuse({misuse_kind::negative_wait_group, self(), &c, where, nullptr, c.made_at});
    throw std::logic_error("the count of a wait group would become negative");
  }
  if (count > std::numeric_limits<std::uint32_t>::max())
    throw std::logic_error("the count of a wait group would overflow");
}

/// The count has come to zero with waiters: wakes them all. False: the word was not `seen` any
/// more.
bool release_all(countdown &c, std::uint64_t seen) noexcept {
  if (!c.word.compare_exchange_weak(seen, seen | guarded, std::memory_order_acq_rel))
    return false;
  waiter *chain = wait_queue(c.queue).claim_all();
  {
    scoped_guard guard(returning.word);
    for (waiter *w = chain; w; w = w->next)
      returning.add(*static_cast<group_wait *>(w));
  }
  unlock_word(c.word, 0); // the last access
  unpark_chain(chain);
  return true;
}

/// One try; false: the word has changed meanwhile.
bool try_add(countdown &c, std::int64_t n, std::source_location where) {
  std::uint64_t seen = c.word.load(std::memory_order_relaxed);
  if (seen & guarded) {
    relax_cpu();
    return false;
  }
  const std::int64_t count = count_of(seen) + n;
  check_count(c, count, where);
  if (count == 0 && (seen & waiting))
    return release_all(c, seen);
  return c.word.compare_exchange_weak(seen, seen + static_cast<std::uint64_t>(n) * one,
                                      std::memory_order_acq_rel, std::memory_order_relaxed);
}

} // namespace

void add(countdown &c, std::int64_t n, std::source_location where) {
  operation_point(&c);
  if (n > 0 && count_of(c.word.load(std::memory_order_relaxed)) == 0)
    check_reuse(c, where);
  for (unsigned tries = 1; !try_add(c, n, where); ++tries)
    if (tries % 64 == 0)
      yield_thread();
}

void wait(countdown &c, std::source_location where) noexcept {
  operation_point(&c);
  std::uint64_t word = c.word.load(std::memory_order_acquire);
  // A zero counts only without the guard, since whoever has that still touches the countdown.
  if (count_of(word) == 0 && !(word & guarded))
    return;
  word = lock_word(c.word);
  if (count_of(word) == 0) {
    unlock_word(c.word, word);
    return;
  }
  ticket t(self());
  group_wait w;
  w.who = t.who;
  w.of = &t;
  w.group = &c;
  w.where = where;
  wait_queue(c.queue).push(w);
  c.word.store(word | waiting | guarded, std::memory_order_relaxed); // still guarded
  const bool group = c.kind == primitive_kind::task_group;
  park_guarded(t, {group ? wait_reason::join : wait_reason::wait, &c, where}, c.word);
  returning.remove(w);
}

void destroyed_in_use(const countdown &c) noexcept {
  happens_after(&c.word); // what the one that waits here did before it parked
  if (!c.queue)
    return;
  const auto *w = static_cast<const group_wait *>(c.queue->next);
  report_misuse({misuse_kind::destroyed_while_waited_on, self(), &c, c.made_at, w->who, w->where});
}

} // namespace sluice::core
