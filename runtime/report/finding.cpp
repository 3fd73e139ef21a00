// Counting and grouping of findings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "report/finding.hpp"

#include <algorithm>
#include <map>

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

static bool equal_tasks(const task_entry &x, const task_entry &y) {
  return x.name == y.name && x.main == y.main && x.thread == y.thread &&
         x.operation == y.operation && x.started_at == y.started_at && x.blocked_at == y.blocked_at;
}

static bool equal_findings(const finding &a, const finding &b) {
  return groups(a) && groups(b) && a.kind == b.kind && a.check == b.check &&
         equal_tasks(a.tasks.front(), b.tasks.front());
}

void join(task_entry &first, const task_entry &other) {
  first.count += other.count;
  first.on_several = first.on_several || other.on_several || first.on.id != other.on.id;
  first.since_ms = std::max(first.since_ms, other.since_ms);
  first.waited_ms += other.waited_ms;
  first.shortest_ms = std::min(first.shortest_ms, other.shortest_ms);
}

/// What one holds is part of the proof, and the main task is not one of many.
static bool groups(const task_entry &t) { return t.holds.empty() && !t.main; }

static void group_equal_tasks(finding &f) {
  std::vector<task_entry> kept;
  for (task_entry &t : f.tasks) {
    auto twin = std::find_if(kept.begin(), kept.end(), [&](const task_entry &k) {
      return groups(t) && groups(k) && equal_tasks(k, t);
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
    auto twin = std::find_if(kept.begin(), kept.end(),
                             [&](const finding &k) { return equal_findings(k, f); });
    if (twin == kept.end())
      kept.push_back(std::move(f));
    else
      join(twin->tasks.front(), f.tasks.front());
  }
  r.findings = std::move(kept);
  for (finding &f : r.findings)
    if (f.kind == finding_kind::deadlock)
      group_equal_tasks(f);
}

void number_primitives(report &r, std::uint64_t &last) {
  std::map<std::uint64_t, std::uint64_t> numbers{{0, 0}};
  auto number = [&](subject &s) {
    const auto [at, is_new] = numbers.try_emplace(s.id, last + 1);
    last += is_new;
    s.id = at->second;
  };
  for (finding &f : r.findings)
    for (task_entry &t : f.tasks) {
      for (held_lock &h : t.holds)
        number(h.lock);
      number(t.on);
    }
}

/// A file without a line is source that the optimiser has merged; an offset into a module stands
/// where nothing else is known.
static bool lacks_line(const frame &f) {
  return !f.ours && f.line == 0 && f.file.find("+0x") != std::string::npos;
}

bool lacks_lines(const finding &f) {
  return std::any_of(f.tasks.begin(), f.tasks.end(), [](const task_entry &t) {
    return std::any_of(t.stack.begin(), t.stack.end(), lacks_line);
  });
}

} // namespace sluice::report
