// Select: one attempt at each case in random order, then all locks, then one wait in all queues.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - Locks are taken in the order of addresses, each once, and given back in that order.
// - One ticket stands in all queues; whoever claims it decides the case.
// - release_channels() reads the list of locks until its last unlock. The woken task frees that
// list
//   only after it has itself held the last of them, which is after that unlock.
#include "sync/select.hpp"

#include "core/interleaving.hpp"
#include "sync/random.hpp"

#include <sluice/select.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

namespace sluice::core {
namespace {

constexpr int undecided = -1;

/// One select while it runs. The arrays are as long as there are cases.
struct selection {
  std::span<select_entry> entries;
  wait_info info;
  execution *me;
  std::uint32_t *order;     // case indices, shuffled
  waiter *waiters;          // one a case; unmade until enter_queues()
  channel_list list;        // see list_channels()
  int fallback = undecided; // the index of otherwise()
};

/// Once prepared.
bool is_operation(const select_entry &e) noexcept { return e.kind >= case_kind::send; }

void prepare(selection &s) noexcept {
  std::uint32_t i = 0;
  for (select_entry &e : s.entries) {
    s.order[i] = i;
    if (e.kind == case_kind::otherwise && s.fallback == undecided)
      s.fallback = static_cast<int>(i);
    if (!e.on)
      e.kind = case_kind::never; // for nil channels too
    ++i;
  }
}

/// Lists the channels, each once, in the order of their addresses.
void list_channels(selection &s) noexcept {
  const primitive **end = s.list.channels;
  for (const select_entry &e : s.entries)
    if (is_operation(e))
      *end++ = e.on;
  std::sort(s.list.channels, end, std::less<>());
  s.list.count = static_cast<std::uint32_t>(std::unique(s.list.channels, end) - s.list.channels);
}

/// Draws places for a shuffle, from one random number as long as it lasts: what a multiplication
/// leaves below the place is as random as before, but for the bits that the place has taken.
class drawing {
public:
  /// Below `n`.
  std::uint32_t next(std::uint32_t n) noexcept {
    if (left == 0) {
      fraction = random_below(std::numeric_limits<std::uint32_t>::max());
      left = draws_a_number;
    }
    --left;
    const std::uint64_t product = std::uint64_t{fraction} * n;
    fraction = static_cast<std::uint32_t>(product);
    return static_cast<std::uint32_t>(product >> 32);
  }

private:
  static constexpr int draws_a_number = 4;
  std::uint32_t fraction = 0;
  int left = 0;
};

void lock_all(selection &s) noexcept {
  for (std::uint32_t i = 0; i < s.list.count; ++i)
    channel_at(s.list, i)->lock.lock();
}

void unlock_all(selection &s) noexcept {
  for (std::uint32_t i = 0; i < s.list.count; ++i)
    channel_at(s.list, i)->lock.unlock();
}

/// Under the lock of its channel.
inline progress try_case(select_entry &e) noexcept {
  return e.kind == case_kind::send ? body(e.on)->offer(e.produce ? nullptr : e.slot)
                                   : body(e.on)->accept(e.slot);
}

/// Makes a lazy value and gives it to the receiver that waits for it.
void deliver_made(select_entry &e, waiter *to, const execution *me) {
  try {
    e.slot = e.produce(e.self);
  } catch (...) {
    wake(to, wait_end::again);
    throw;
  }
  deliver(*body(e.on), to, e.slot, me);
}

/// Gives back a place that was kept for a lazy value.
waiter *cancel_reservation(channel_body &c) noexcept {
  std::lock_guard hold(c.lock);
  --c.reserved;
  return c.admit();
}

/// Makes a lazy value and puts it in the place that was kept for it. False: closed meanwhile.
bool fill_reservation(select_entry &e, const execution *me) {
  channel_body &c = *body(e.on);
  try {
    e.slot = e.produce(e.self);
  } catch (...) {
    if (waiter *w = cancel_reservation(c))
      unpark(w->who);
    throw;
  }
  c.lock.lock();
  --c.reserved;
  const progress p = c.offer(e.slot);
  waiter *next = c.admit(); // if a receiver takes the value, the place is free for another
  c.lock.unlock();
  if (p.result == attempt::deliver)
    deliver(c, p.peer, e.slot, me);
  if (next)
    unpark(next->who);
  return p.result != attempt::closed;
}

/// Completes, without locks, what try_case() has begun. False: it must be tried again.
bool finish_case(selection &s, select_entry &e, progress p) {
  e.ok = p.result != attempt::closed;
  switch (p.result) {
  case attempt::done:
    if (p.peer)
      unpark_later(p.peer->who, s.me);
    return true;
  case attempt::deliver:
    if (e.produce)
      deliver_made(e, p.peer, s.me);
    else
      deliver(*body(e.on), p.peer, e.slot, s.me);
    return true;
  case attempt::collect:
    collect(*body(e.on), p.peer, e.slot, s.me);
    return true;
  case attempt::partner:
    return collect_lazily(p.peer, e.slot, s.info);
  case attempt::reserve:
    e.ok = fill_reservation(e, s.me);
    return true;
  default:
    return true;
  }
}

/// Whether there is no point in taking the lock for try_case().
inline bool looks_blocked(const select_entry &e) noexcept {
  return e.kind == case_kind::send ? body(e.on)->sends_block() : body(e.on)->receives_block();
}

/// While interleavings are searched: puts the case first that is to run, if several can.
void put_chosen_first(selection &s) noexcept {
  std::uint32_t ready = 0; // they come to stand at the front
  for (std::uint32_t i = 0; i < s.entries.size(); ++i)
    if (is_operation(s.entries[i]) && !looks_blocked(s.entries[i]))
      std::swap(s.order[ready++], s.order[i]);
  if (ready > 1)
    std::swap(s.order[0], s.order[interleaving.pick_case(ready)]);
}

/// Tries each case under its own lock, shuffling on the way; the index of the one that happened.
int try_each(selection &s) {
  const auto count = static_cast<std::uint32_t>(s.entries.size());
  const bool shuffles = !is_interleaved();
  if (!shuffles)
    put_chosen_first(s);
  drawing lots;
  for (std::uint32_t n = 0; n < count; ++n) {
    if (shuffles && n + 1 < count)
      std::swap(s.order[n], s.order[n + lots.next(count - n)]);
    select_entry &e = s.entries[s.order[n]];
    if (!is_operation(e) || looks_blocked(e))
      continue;
    spinlock &lock = body(e.on)->lock;
    lock.lock();
    const progress p = try_case(e);
    lock.unlock();
    if (p.result != attempt::blocked && finish_case(s, e, p))
      return static_cast<int>(s.order[n]);
  }
  return undecided;
}

/// Tries each case under all locks, which it gives back if one can run.
int try_all_locked(selection &s) {
  for (std::uint32_t n = 0; n < s.entries.size(); ++n) {
    select_entry &e = s.entries[s.order[n]];
    if (!is_operation(e) || looks_blocked(e))
      continue;
    const progress p = try_case(e);
    if (p.result == attempt::blocked)
      continue;
    unlock_all(s);
    if (finish_case(s, e, p))
      return static_cast<int>(s.order[n]);
    lock_all(s);
    n = static_cast<std::uint32_t>(-1); // the partner failed: look at all of them again
  }
  return undecided;
}

void enter_queues(selection &s, ticket &t) noexcept {
  for (std::uint32_t i = 0; i < s.entries.size(); ++i) {
    select_entry &e = s.entries[i];
    ::new (s.waiters + i) waiter{.who = t.who,
                                 .of = &t,
                                 .slot = e.slot,
                                 .outcome = static_cast<std::int32_t>(i),
                                 .lazy = e.produce != nullptr};
    if (is_operation(e))
      wait_queue(e.kind == case_kind::send ? body(e.on)->senders : body(e.on)->receivers)
          .push(s.waiters[i]);
  }
}

/// Also waits for the release function to be through, by holding each lock once.
void leave_queues(selection &s) noexcept {
  lock_all(s);
  for (std::uint32_t i = 0; i < s.entries.size(); ++i)
    if (s.waiters[i].queued) {
      select_entry &e = s.entries[i];
      wait_queue(e.kind == case_kind::send ? body(e.on)->senders : body(e.on)->receivers)
          .remove(s.waiters[i]);
    }
  unlock_all(s);
}

/// Completes the case that another has chosen. False: the whole select starts again.
bool finish_woken(select_entry &e, const waiter &w, const execution *me) {
  e.ok = w.end != wait_end::closed;
  if (w.end == wait_end::partner) {
    happens_after(&w);
    deliver_made(e, w.partner, me);
  }
  if (w.end == wait_end::reserved)
    e.ok = fill_reservation(e, me);
  return w.end != wait_end::again;
}

/// With all locks held.
int wait_for_one(selection &s) {
  ticket t(s.me);
  enter_queues(s, t);
  s.info.all = s.list.channels;
  s.info.count = s.list.count;
  for (std::uint32_t i = 0; i < s.list.count; ++i)
    happens_before(&channel_at(s.list, i)->lock);
  const int chosen = park(t, s.info, &release_channels, &s.list);
  leave_queues(s);
  return finish_woken(s.entries[chosen], s.waiters[chosen], s.me) ? chosen : undecided;
}

int run(selection &s) {
  prepare(s);
  if (const int chosen = try_each(s); chosen != undecided)
    return chosen;
  if (s.fallback != undecided && s.entries.size() <= 2)
    return s.fallback; // one look at one channel is as good as a look under all locks
  list_channels(s);
  for (;;) {
    lock_all(s);
    if (const int chosen = try_all_locked(s); chosen != undecided)
      return chosen;
    if (s.fallback != undecided) {
      unlock_all(s);
      return s.fallback;
    }
    if (const int chosen = wait_for_one(s); chosen != undecided)
      return chosen;
  }
}

template <std::size_t N>
int run_small(std::span<select_entry> entries, wait_info info, execution *me) {
  std::uint32_t order[N];
  alignas(waiter) std::byte waiters[N * sizeof(waiter)]; // made when it comes to waiting
  const primitive *channels[N];
  selection s{entries, info, me, order, reinterpret_cast<waiter *>(waiters), {channels, 0}};
  return run(s);
}

int run_large(std::span<select_entry> entries, wait_info info, execution *me) {
  const auto order = std::make_unique<std::uint32_t[]>(entries.size());
  const auto waiters = std::make_unique<waiter[]>(entries.size());
  const auto channels = std::make_unique<const primitive *[]>(entries.size());
  selection s{entries, info, me, order.get(), waiters.get(), {channels.get(), 0}};
  return run(s);
}

} // namespace

int select_as(std::span<select_entry> entries, wait_info info) {
  execution *me = begin_operation(&nothing_shared);
  if (is_interleaved()) [[unlikely]]
    for (const select_entry &e : entries)
      note_object(e.on ? static_cast<const void *>(e.on) : &nothing_shared);
  if (entries.size() <= 2)
    return run_small<2>(entries, info, me);
  if (entries.size() <= 8)
    return run_small<8>(entries, info, me);
  return run_large(entries, info, me);
}

int select(std::span<select_entry> entries, std::source_location where) {
  const channel *first = entries.empty() ? nullptr : entries[0].on;
  return select_as(entries, {wait_reason::select, first, where});
}

} // namespace sluice::core

namespace sluice {

int select(std::span<select_case> cases, std::source_location where) {
  std::vector<core::select_entry> entries;
  entries.reserve(cases.size());
  for (select_case &c : cases)
    entries.push_back(c.entry());
  const int chosen = core::select(entries, cases.empty() ? where : entries[0].where);
  cases[chosen].run(entries[chosen].ok);
  return chosen;
}

int select(std::source_location where) { return core::select({}, where); }

} // namespace sluice
