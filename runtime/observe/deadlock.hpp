// Deadlocks: by a walk along the owners of locks, and when nothing is left that can run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/snapshot.hpp"
#include "report/finding.hpp"

namespace sluice::observe {

/// The cycle of locks and owners that `who`, about to wait, closes; no tasks if there is none.
report::finding deadlock_by_owners(const core::execution &who);

/// Copies all who wait. To be called when nothing runs.
void copy_at_rest(seen_list &out);

/// The deadlock of a process at rest: everybody who waits, if somebody is waited for who will never
/// come (a main task, or a thread in a primitive).
report::finding deadlock_of_all(seen_list &seen);

} // namespace sluice::observe
