// The tasks that are left, as findings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "observe/left_tasks.hpp"

namespace sluice::observe {
namespace {

report::finding finding_of(report::task_entry &&e, const seen_task &t, const holders &all) {
  const bool leaked = t.judged == verdict::leaked;
  report::finding f;
  f.kind = leaked ? report::finding_kind::leak : report::finding_kind::unfinished;
  f.check = check_for_wait(t);
  f.why = leaked ? why_leaked(t, all) : why_unfinished(t);
  f.tasks.push_back(std::move(e));
  return f;
}

/// Whether the places alone say which tasks are equal to `t`: behind a standard guard only the
/// stack knows where it waits, and what one holds is part of the proof.
bool is_told_by_places(const seen_task &t) {
  return t.blocked && t.held_count == 0 && !t.is_main && describe(t.where).known();
}

} // namespace

void left_tasks::add(const seen_task &t) {
  if (!every_stack_ && is_told_by_places(t)) {
    const key places{
        t.judged,          t.is_task,  t.reason, check_for_wait(t), place_of(t.started_at),
        place_of(t.where), t.name.text};
    const auto [at, is_first] = first_.try_emplace(places, found_.size());
    if (!is_first) {
      report::join(found_[at->second].tasks.front(), describe_briefly(t));
      return;
    }
  }
  found_.push_back(finding_of(describe(t, symbols_), t, holders_));
}

} // namespace sluice::observe
