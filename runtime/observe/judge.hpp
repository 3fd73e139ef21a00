// Decides who can never run again.
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

/// Who is asked for.
enum class wanted { leaked, everyone };

/// Stops the world, judges everyone who has not finished, and copies to `out` who is wanted.
/// Threads are among everyone when they are blocked in one of our primitives; they are never called
/// leaked. For the leaked alone the world goes on while a twin of a large process is looked
/// through.
certainty judge(const asker &from, seen_list &out, wanted what = wanted::everyone) noexcept;

/// Whether nobody but the asker can run any more: all tasks and all threads of the process wait in
/// our primitives without a time-out.
bool all_at_rest(const core::execution *asker) noexcept;

} // namespace sluice::observe
