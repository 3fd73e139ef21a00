// Decides who can never run again: the reachability fixpoint.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/asker.hpp"
#include "observe/snapshot.hpp"

namespace sluice::observe {

/// What limits a judgement.
struct certainty {
  bool world_stopped = false;
  bool heap_known = false;
  bool complete() const { return world_stopped && heap_known; }
};

/// Stops the world, copies everyone who has not finished to `out`, and judges each. Threads are
/// copied too when they are blocked in one of our primitives; they are never called leaked.
certainty judge(const asker &from, seen_list &out) noexcept;

/// Whether nobody but the asker can run any more: all tasks and all threads of the process wait in
/// our primitives without a time-out.
bool all_at_rest(const core::execution *asker) noexcept;

} // namespace sluice::observe
