// Keeps those that are ready while interleavings are searched, and the virtual time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Invariants
// - There is one worker, and all below is touched by its thread alone, but for what is atomic.
// - Who becomes ready comes in through the worker's own places or the queues that others share, as
//   always; each pick empties these first, in a fixed order.
// - The worker finds its next task on its own stack only: picks_left is 1 whenever a task runs.
#include "core/interleaving.hpp"

#include "core/registry.hpp"
#include "core/sanitizer.hpp"
#include "core/scheduler.hpp"
#include "core/switch.hpp"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

namespace sluice::core {

constinit interleaving_table interleaving;

namespace {

constexpr unsigned yields_that_give_way = 2;
// A loop that polls without a yield gives way as if it had yielded after so many points in a row.
constexpr unsigned longest_turn = 200;

struct ready_one {
  runnable *what;
  unsigned yields; // in a row
  bool resumes;
};

struct interleaving_state {
  std::vector<ready_one> ready;
  std::vector<candidate> candidates; // of the present pick
  std::vector<std::size_t> places;   // where these stand in `ready`, but for the present one
  runnable *chosen = nullptr;        // at a scheduling point, for the worker's next look
  unsigned yields = 0;               // of the present task, in a row
  unsigned turn = 0;                 // its scheduling points, in a row
  unsigned leaver_yields = 0;        // of the one that was left at its scheduling point
  unsigned vain_firings = 0;         // timers since a task became ready
  std::atomic<clock::rep> now{0};    // 0: not begun
  std::atomic<bool> stands_still{false};
};

/// Never destroyed: tasks may run while static objects end.
interleaving_state &search() noexcept {
  static interleaving_state &only = *new interleaving_state;
  return only;
}

std::uint64_t id_of(const runnable *r) noexcept {
  return r->is_seed ? static_cast<const seed *>(r)->id : static_cast<const task *>(r)->id;
}

/// Takes in whoever has become ready.
void collect(worker &w) {
  const unseen_scope unseen;
  interleaving_state &s = search();
  const std::size_t before = s.ready.size();
  const auto add = [&s](runnable *r) { s.ready.push_back({r, 0, true}); };
  while (runnable *r = due.pop())
    add(r);
  if (task *t = take_next(w))
    add(t);
  while (runnable *r = w.queue.pop(true))
    add(r);
  while (runnable *r = shared.pop())
    add(r);
  if (s.ready.size() != before) {
    s.vain_firings = 0;
    s.stands_still.store(false, std::memory_order_relaxed); // a hint; who relies on it looks again
  }
}

runnable *take(std::size_t i) {
  const unseen_scope unseen;
  interleaving_state &s = search();
  const ready_one r = s.ready[i];
  s.ready.erase(s.ready.begin() + static_cast<std::ptrdiff_t>(i));
  // What lies behind the last would keep reachable what a task has on its stack; see park.hpp.
  volatile std::uintptr_t *behind =
      reinterpret_cast<volatile std::uintptr_t *>(s.ready.data() + s.ready.size());
  *behind = 0;
  s.yields = r.yields;
  s.turn = 0;
  return r.what;
}

void fire_due() noexcept {
  if (fire_timers() && interleaving.fired)
    interleaving.fired();
}

constexpr std::size_t the_present = static_cast<std::size_t>(-1);

/// Which of the ready ones, or of them and `present`, runs next: its place, or `the_present`.
std::size_t choose(const task *present) {
  const unseen_scope unseen;
  interleaving_state &s = search();
  bool others = false; // who need not give way
  for (const ready_one &r : s.ready)
    others = others || r.yields < yields_that_give_way;
  const auto gives_way = [&](unsigned yields) { return others && yields >= yields_that_give_way; };

  s.candidates.clear();
  s.places.clear();
  const bool may_stay = present && !gives_way(s.yields);
  if (may_stay)
    s.candidates.push_back({present->id, true, false});
  for (std::size_t i = 0; i < s.ready.size(); ++i)
    if (!gives_way(s.ready[i].yields)) {
      s.candidates.push_back({id_of(s.ready[i].what), false, s.ready[i].resumes});
      s.places.push_back(i);
    }
  const std::size_t picked = interleaving.pick_task(s.candidates);
  if (!may_stay)
    return s.places[picked];
  return picked == 0 ? the_present : s.places[picked - 1];
}

std::size_t armed_timers() {
  std::size_t n = 0;
  lock_timers();
  for_each_timer([](timer_node &, void *count) { ++*static_cast<std::size_t *>(count); }, &n);
  unlock_timers();
  return n;
}

/// Moves the time to the next timer. False: there is none, or all of them fire in vain.
bool advance_time() {
  interleaving_state &s = search();
  const auto next = next_timer();
  if (next == clock::time_point::max() || outside_work_under_way())
    return false;
  if (s.vain_firings > 2 * armed_timers() + 2) {
    s.stands_still.store(true, std::memory_order_relaxed); // see collect()
    return false;
  }
  ++s.vain_firings;
  if (next > virtual_now())
    s.now.store(next.time_since_epoch().count(), std::memory_order_relaxed); // a clock
  return true;
}

} // namespace

void interleave(worker &w, bool yields) noexcept {
  interleaving_state &s = search();
  task *self = w.current;
  interleaving.step(self->id);
  s.yields = yields ? s.yields + 1 : 0;
  if (++s.turn % longest_turn == 0)
    s.yields = std::max(s.yields, yields_that_give_way);
  if (yields && interleaving.yielded)
    interleaving.yielded(self->id);
  fire_due();
  collect(w);
  const std::size_t next = choose(self);
  if (next == the_present)
    return;
  s.leaver_yields = s.yields;
  s.chosen = take(next);
  w.after.left = self;
  w.after.yielded = true;
  leave(&w, self);
}

void interleave_later(runnable *r) noexcept {
  const unseen_scope unseen;
  search().ready.push_back({r, search().leaver_yields, false});
}

runnable *pick_interleaved(worker &w) noexcept {
  interleaving_state &s = search();
  w.picks_left = 1;
  w.handed_over = true; // no slice begins
  w.budget = interleaved_budget;
  if (s.chosen)
    return std::exchange(s.chosen, nullptr);
  do {
    fire_due();
    collect(w);
    if (!s.ready.empty())
      return take(choose(nullptr));
  } while (advance_time());
  return nullptr;
}

clock::time_point virtual_now() noexcept {
  std::atomic<clock::rep> &now = search().now;
  clock::rep at = now.load(std::memory_order_relaxed); // a clock
  if (at == 0) {
    const clock::rep begin = real_now().time_since_epoch().count();
    if (now.compare_exchange_strong(at, begin))
      at = begin;
  }
  return clock::time_point(clock::duration(at));
}

clock::time_point wake_by() noexcept {
  const auto next = next_timer();
  if (next == clock::time_point::max() || !outside_work_under_way())
    return clock::time_point::max();
  return real_now() + (next - virtual_now());
}

void follow_real_time(clock::duration passed) noexcept {
  if (outside_work_under_way())
    search().now.fetch_add(passed.count(), std::memory_order_relaxed); // a clock
}

bool time_stands_still() noexcept {
  return search().stands_still.load(std::memory_order_relaxed); // see collect()
}

void note_outsider() noexcept {
  if (is_interleaved() && interleaving.disturbed && worker_count() > 0 &&
      sleepers.idle.load(std::memory_order_relaxed) == 0) // a hint
    interleaving.disturbed();
}

} // namespace sluice::core
