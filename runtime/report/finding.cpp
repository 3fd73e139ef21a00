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

static bool equal_tasks(const finding &a, const finding &b) {
  const task_entry &x = a.tasks.front(), &y = b.tasks.front();
  return a.kind == b.kind && a.check == b.check && x.name == y.name && x.main == y.main &&
         x.thread == y.thread && x.operation == y.operation &&
         same_place(x.started_at, y.started_at) && same_place(x.blocked_at, y.blocked_at);
}

void group_equal_tasks(report &r) {
  std::vector<finding> kept;
  for (finding &f : r.findings) {
    auto twin = std::find_if(kept.begin(), kept.end(), [&](const finding &k) {
      return groups(f) && groups(k) && equal_tasks(k, f);
    });
    if (twin == kept.end()) {
      kept.push_back(std::move(f));
      continue;
    }
    task_entry &first = twin->tasks.front();
    first.count += f.tasks.front().count;
    first.since_ms = std::max(first.since_ms, f.tasks.front().since_ms);
  }
  r.findings = std::move(kept);
}

} // namespace sluice::report
