// When to look, what to make of it, and what becomes of the process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/judge.hpp"
#include "observe/settings.hpp"
#include "report/finding.hpp"

namespace sluice::observe {

/// Sets the listeners in core's event table. Called once, before the first task.
/// Throws report::suppression_error.
void begin(const settings &s);

/// The report at exit: waits the grace period, reports what is left and prints the end of the
/// report. Once a process; later calls do nothing.
void report_at_exit(const asker &from);

/// Ends the process with the status that the options ask for after a finding; returns if there was
/// none, or if the status is to be left alone.
void apply_exit_status();

/// Adds a deadlock to the report, unless it has no tasks or only such as were reported before, and
/// does what the options say.
void report_deadlock(report::finding &&f);

/// Reports the deadlock of all if nobody but `asker`, which may be null, can run any more.
void report_if_at_rest(const core::execution *asker);

/// A child of fork starts tasks: from now on it is a process of its own.
void begin_again_in_child();

/// The scheduler has started: from now on deadlocks are looked for.
void begin_looking();

/// The current options.
const settings &current_settings();

/// Waits while somebody could still finish, at most `grace_ms`, then judges.
certainty judge_after_grace(const asker &from, unsigned grace_ms, seen_list &out);

} // namespace sluice::observe
