// Counting and grouping of findings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/finding.hpp"

#include <algorithm>

namespace sluice::report {

const char *word(finding_kind kind) {
  switch (kind) {
  case finding_kind::leak:
    return "leak";
  case finding_kind::unfinished:
    return "unfinished";
  case finding_kind::deadlock:
    return "deadlock";
  case finding_kind::lock_order_cycle:
    return "lock-order-cycle";
  case finding_kind::misuse:
    return "misuse";
  }
  return "misuse";
}

static unsigned tasks_in(const finding &f) {
  unsigned n = 0;
  for (const task_entry &t : f.tasks)
    n += t.count;
  return n;
}

totals count(const report &r) {
  totals n;
  for (const finding &f : r.findings)
    switch (f.kind) {
    case finding_kind::leak:
      n.leaked += tasks_in(f);
      break;
    case finding_kind::unfinished:
      n.unfinished += tasks_in(f);
      break;
    case finding_kind::deadlock:
      ++n.deadlocks;
      break;
    case finding_kind::lock_order_cycle:
      ++n.lock_order_cycles;
      break;
    case finding_kind::misuse:
      ++n.misuses;
      break;
    }
  return n;
}

static bool groups(const finding &f) {
  return (f.kind == finding_kind::leak || f.kind == finding_kind::unfinished) &&
         f.tasks.size() == 1;
}

static bool same_place(const place &a, const place &b) {
  return a.file == b.file && a.line == b.line && a.function == b.function;
}

static bool equal(const task_entry &x, const task_entry &y) {
  return x.name == y.name && x.main == y.main && x.thread == y.thread &&
         x.operation == y.operation && same_place(x.started_at, y.started_at) &&
         same_place(x.blocked_at, y.blocked_at);
}

static void join(task_entry &twin, const task_entry &t) {
  twin.count += t.count;
  twin.since_ms = std::max(twin.since_ms, t.since_ms);
}

/// In a deadlock, those who hold nothing: who holds a lock is one of its own.
static void group_within(finding &f) {
  std::vector<task_entry> kept;
  for (task_entry &t : f.tasks) {
    auto twin = std::find_if(kept.begin(), kept.end(), [&](const task_entry &k) {
      return t.holds.empty() && k.holds.empty() && equal(k, t);
    });
    if (twin == kept.end())
      kept.push_back(std::move(t));
    else
      join(*twin, t);
  }
  f.tasks = std::move(kept);
}

void group_equal_tasks(report &r) {
  std::vector<finding> kept;
  for (finding &f : r.findings) {
    auto twin = std::find_if(kept.begin(), kept.end(), [&](const finding &k) {
      return groups(f) && groups(k) && f.kind == k.kind && f.check == k.check &&
             equal(k.tasks.front(), f.tasks.front());
    });
    if (twin == kept.end()) {
      if (f.kind == finding_kind::deadlock)
        group_within(f);
      kept.push_back(std::move(f));
    } else {
      join(twin->tasks.front(), f.tasks.front());
    }
  }
  r.findings = std::move(kept);
}

} // namespace sluice::report
