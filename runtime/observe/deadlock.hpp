// Deadlocks: by a walk along the owners of locks, and when nothing is left that can run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/snapshot.hpp"
#include "report/finding.hpp"

#include <vector>

namespace sluice::observe {

/// A quick look without stopping anybody: whether `who`, about to wait, seems to close a cycle.
bool may_close_cycle(const core::execution &who);

/// The cycle of locks and owners that `who`, about to wait, closes; no tasks if there is none.
report::finding deadlock_by_owners(const core::execution &who);

/// Copies all who wait. To be called when nothing runs.
void copy_at_rest(seen_list &out);

/// The deadlock of a process at rest: everybody who waits, if somebody is waited for who will never
/// come (a main task, or a thread in a primitive).
report::finding deadlock_of_all(const seen_list &seen);

/// The deadlocks among those that judge() has seen while others may go on: one for each cycle; if
/// nobody can do anything any more, the one of all.
std::vector<report::finding> deadlocks_among(const seen_list &seen, bool all_stuck);

} // namespace sluice::observe
