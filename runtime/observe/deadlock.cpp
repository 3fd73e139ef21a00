// Deadlocks: by a walk along the owners of locks, and when nothing is left that can run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/deadlock.hpp"

#include "observe/describe.hpp"
#include "observe/room.hpp"
#include "observe/words.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace sluice::observe {
namespace {

constexpr std::size_t longest_cycle = 64;

bool waits_for_lock(const core::execution &e) {
  return e.state.load(std::memory_order_acquire) == core::run_state::blocked && !e.has_deadline &&
         (e.reason == core::wait_reason::lock || e.reason == core::wait_reason::rlock);
}

/// Who holds `lock`; null if nobody is known to, or more than one do.
const core::execution *owner_of(const core::primitive *lock) {
  struct look {
    const core::primitive *lock;
    const core::execution *owner = nullptr;
    int owners = 0;
    void at(const core::execution &e) {
      if (e.state.load(std::memory_order_acquire) != core::run_state::free &&
          e.held.contains(lock)) {
        owner = &e;
        ++owners;
      }
    }
  } l{lock};
  core::for_each_task([](core::task &t, void *arg) { static_cast<look *>(arg)->at(t); }, &l);
  core::for_each_thread([](core::thread_record &t, void *arg) { static_cast<look *>(arg)->at(t); },
                        &l);
  return l.owners == 1 ? l.owner : nullptr;
}

/// From `who` along owners until it comes back; empty if it does not.
std::vector<const core::execution *> cycle_from(const core::execution &who) {
  std::vector<const core::execution *> path;
  const core::execution *at = &who;
  while (at && waits_for_lock(*at) && path.size() < longest_cycle) {
    path.push_back(at);
    at = owner_of(at->on);
    if (at == &who)
      return path;
  }
  return {};
}

bool wants_lock(const seen_task &t) {
  return t.reason == core::wait_reason::lock || t.reason == core::wait_reason::rlock;
}

bool somebody_wants_what(const seen_list &seen, const seen_task &holder) {
  return std::any_of(seen.begin(), seen.end(), [&](const seen_task &t) {
    return wants_lock(t) && holds(holder, t.on_address);
  });
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
  if (wants_lock(t) && only_locks)
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

/// A thread that waits for a main task is not part of the deadlock, it suffers from it.
bool is_run_caller(const core::thread_record &t) {
  return t.reason == core::wait_reason::join && !t.on;
}

} // namespace

report::finding deadlock_by_owners(const core::execution &who) {
  std::vector<const core::execution *> cycle = cycle_from(who);
  // Seen twice alike, each blocked in between: nobody in a cycle of owners can have moved.
  if (cycle.empty() || cycle_from(who) != cycle)
    return {};
  seen_list seen;
  for (const core::execution *e : cycle)
    seen.push_back(look_at(*e));
  return deadlock_of(seen);
}

void copy_at_rest(seen_list &out) {
  core::for_each_task(
      [](core::task &t, void *list) {
        if (t.state.load(std::memory_order_acquire) == core::run_state::blocked)
          static_cast<seen_list *>(list)->push_back(look_at(t));
      },
      &out);
  core::for_each_thread(
      [](core::thread_record &t, void *list) {
        bool blocked = t.state.load(std::memory_order_acquire) == core::run_state::blocked;
        if (blocked && !t.is_worker && !t.is_pool && !is_run_caller(t))
          static_cast<seen_list *>(list)->push_back(look_at(t));
      },
      &out);
}

report::finding deadlock_of_all(seen_list &seen) {
  bool missed = std::any_of(seen.begin(), seen.end(),
                            [](const seen_task &t) { return t.is_main || !t.is_task; });
  return missed ? deadlock_of(seen) : report::finding{};
}

} // namespace sluice::observe
