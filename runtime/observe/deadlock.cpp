// Deadlocks: by a walk along the owners of locks, and when nothing is left that can run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/deadlock.hpp"

#include "core/sanitizer.hpp"
#include "observe/describe.hpp"
#include "observe/judge.hpp"
#include "observe/members.hpp"
#include "observe/room.hpp"
#include "observe/words.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::observe {
namespace {

bool is_blocked_on(const core::execution &e, const core::primitive *lock) {
  return waits(e) && e.reason == core::wait_reason::lock && e.on == lock;
}

/// Steps from one who waits to those who must all go on before it can. The registry is walked
/// without its lock while the world stands still.
class walk {
public:
  walk(const core::execution &who, bool stopped) : who(who), stopped(stopped) { add(who, 0); }

  /// The way from `who` along owners until it comes back; false if it does not.
  bool finds_cycle() {
    for (std::size_t i = 0; i < count && !closed; ++i) {
      at = i;
      step(*steps[i].to);
    }
    return closed;
  }

  /// The members of the cycle, from the last to `who`.
  template <class F> void for_each_member(F f) const {
    for (std::size_t i = at; f(*steps[i].to), i != 0;)
      i = steps[i].from;
  }

private:
  static constexpr std::size_t most = 64; // longer ones are left to the search in memory
  struct {
    const core::execution *to;
    std::size_t from;
  } steps[most];
  std::size_t count = 0, at = 0;
  bool closed = false;
  const core::execution &who;
  const bool stopped;

  void add(const core::execution &e, std::size_t from) {
    for (std::size_t i = 0; i < count; ++i)
      if (steps[i].to == &e)
        return;
    if (count < most)
      steps[count++] = {&e, from};
  }

  void leads_to(const core::execution &e) {
    if (&e == &who)
      closed = true;
    else
      add(e, at);
  }

  template <class F> void for_everyone(F f) {
    const auto task = [](core::task &t, void *arg) {
      if (t.state.load(std::memory_order_acquire) != core::run_state::free)
        (*static_cast<F *>(arg))(static_cast<const core::execution &>(t));
    };
    const auto thread = [](core::thread_record &t, void *arg) {
      (*static_cast<F *>(arg))(static_cast<const core::execution &>(t));
    };
    core::for_each_task(task, &f);
    if (stopped)
      core::for_each_stopped_thread(thread, &f);
    else
      core::for_each_thread(thread, &f);
  }

  void step(const core::execution &e) {
    if (!waits(e))
      return;
    if (follows_owner(e.reason))
      step_to_owners(e);
    else if (waits_for_main(e))
      for_everyone([&](const core::execution &m) {
        if (m.is_main && m.parent == e.id)
          leads_to(m);
      });
  }

  /// A reader whom no writer keeps out waits behind one that waits.
  void step_to_owners(const core::execution &e) {
    const core::primitive *lock = e.on;
    const core::execution *writer = nullptr;
    bool shared = false;
    for_everyone([&](const core::execution &o) {
      o.held.for_each(
          [&](const core::held_lock &h) { shared = shared || (h.lock == lock && h.shared); });
      if (is_blocked_on(o, lock) && (!writer || o.since < writer->since))
        writer = &o;
    });
    if (e.reason == core::wait_reason::rlock && shared && writer)
      return leads_to(*writer);
    for_everyone([&](const core::execution &o) {
      // Whether it still has it is read from the lock, which is there for sure only while nobody
      // can wake `e`.
      if (o.held.contains(lock) && (!stopped || still_holds(o, *lock)))
        leads_to(o);
    });
  }
};

bool wants_lock(const seen_task &t) {
  return t.reason == core::wait_reason::lock || t.reason == core::wait_reason::rlock;
}

bool somebody_wants_what(const seen_list &seen, const seen_task &holder) {
  return holder.held_count != 0 && std::any_of(seen.begin(), seen.end(), [&](const seen_task &t) {
           return wants_lock(t) && holds(holder, t.on_address);
         });
}

/// Whether the way from `t` to who holds what it wants to lock, and so on, comes back to it.
bool is_in_lock_cycle(const seen_task &t, const seen_list &seen) {
  const seen_task *at = &t;
  for (std::size_t steps = 0; t.held_count != 0 && wants_lock(*at) && steps < seen.size();
       ++steps) {
    at = std::find_if(seen.begin(), seen.end(),
                      [&](const seen_task &s) { return holds(s, at->on_address); });
    if (at == seen.end() || at == &t)
      return at == &t;
  }
  return false;
}

/// A task's part in a deadlock: the smaller `rank`, the more it explains.
struct part {
  int rank;
  const char *check;
};

part rank_of_wait(const seen_task &t) {
  using core::wait_reason;
  const char *check = check_for_wait(t);
  switch (t.reason) {
  case wait_reason::send:
    return {4, check};
  case wait_reason::recv:
  case wait_reason::select:
    return {check == std::string_view("missing-cancellation") ? 3 : 5, check};
  case wait_reason::acquire:
  case wait_reason::once:
    return {6, check};
  case wait_reason::lock:
  case wait_reason::rlock:
    return {8, check};
  default:
    return {7, "deadlock"}; // it waits for others, who are the cause
  }
}

part part_of(const seen_task &t, const seen_list &seen, bool only_locks) {
  if (wants_lock(t) && holds(t, t.on_address))
    return {0, "double-lock"};
  if (wants_lock(t) && (only_locks || is_in_lock_cycle(t, seen)))
    return {1, "lock-order-cycle"};
  if (!wants_lock(t) && somebody_wants_what(seen, t))
    return {2, "blocking-under-lock"};
  return rank_of_wait(t);
}

report::finding deadlock_of(const seen_list &seen) {
  const bool only_locks = std::all_of(seen.begin(), seen.end(), wants_lock);
  std::vector<std::pair<part, const seen_task *>> parts;
  for (const seen_task &t : seen)
    parts.push_back({part_of(t, seen, only_locks), &t});
  std::sort(parts.begin(), parts.end(), [](const auto &a, const auto &b) {
    return std::pair(a.first.rank, a.second) < std::pair(b.first.rank, b.second);
  });
  report::finding f;
  f.kind = report::finding_kind::deadlock;
  f.check = parts.size() == 1 && parts.front().first.rank > 2
                ? check_for_wait(*parts.front().second)
                : parts.front().first.check;
  f.why = why_deadlocked(f.check, parts.size(), only_locks);
  with_room([&] {
    symboliser symbols;
    for (const auto &p : parts)
      f.tasks.push_back(describe(*p.second, symbols));
  });
  return f;
}

/// Somebody is missed whose end others count on.
bool is_missed(const seen_task &t) { return (t.is_main || !t.is_task) && !t.in_run; }

} // namespace

bool may_close_cycle(const core::execution &who) {
  // Nobody waits for who holds nothing, unless in run().
  return (who.held.size() != 0 || who.is_main) && walk(who, false).finds_cycle();
}

report::finding deadlock_by_owners(const core::execution &who) {
  struct look {
    const core::execution &who;
    seen_list seen;
  } l{who, {}};
  with_stopped_world(
      [](void *arg) {
        auto &l = *static_cast<look *>(arg);
        walk w(l.who, true);
        if (w.finds_cycle())
          w.for_each_member([&](const core::execution &e) { l.seen.push_back(look_at(e)); });
      },
      &l);
  return l.seen.empty() ? report::finding{} : deadlock_of(l.seen);
}

void copy_at_rest(seen_list &out) {
  const core::unseen_scope pages; // as in judge()
  const starters known(true);
  for_each_task([&](core::task &t) {
    if (t.state.load(std::memory_order_acquire) == core::run_state::blocked)
      out.push_back(look_at(t, known));
  });
  core::for_each_thread(
      [](core::thread_record &t, void *list) {
        bool blocked = t.state.load(std::memory_order_acquire) == core::run_state::blocked;
        if (blocked && !t.is_own() && !waits_for_main(t))
          static_cast<seen_list *>(list)->push_back(look_at(t));
      },
      &out);
}

report::finding deadlock_of_all(const seen_list &seen) {
  return std::any_of(seen.begin(), seen.end(), is_missed) ? deadlock_of(seen) : report::finding{};
}

std::vector<report::finding> deadlocks_among(const seen_list &seen, bool all_stuck) {
  std::vector<report::finding> found;
  std::uint32_t cycles = 0;
  seen_list all;
  for (const seen_task &t : seen) {
    cycles = std::max(cycles, t.cycle);
    if (t.judged == verdict::leaked && !t.in_run) // a thread in run() only suffers
      all.push_back(t);
  }
  if (all_stuck && std::any_of(all.begin(), all.end(), is_missed)) {
    found.push_back(deadlock_of(all));
    return found;
  }
  for (std::uint32_t cycle = 1; cycle <= cycles; ++cycle) {
    seen_list members;
    for (const seen_task &t : seen)
      if (t.cycle == cycle)
        members.push_back(t);
    if (!members.empty())
      found.push_back(deadlock_of(members));
  }
  return found;
}

} // namespace sluice::observe
