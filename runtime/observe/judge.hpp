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
  bool all_stuck = false; // and nothing is left in the process that could do anything, now or later
  bool complete() const { return world_stopped && heap_known; }
};

/// Who is asked for: those who can never go on, also with who of them waits for each other, or all.
enum class wanted { leaked, cycles, everyone };

/// Stops the world, judges everyone who has not finished, and copies to `out` who is wanted.
/// Threads are among them when they are blocked in one of our primitives. Unless everyone is
/// wanted, the world goes on while a twin of a large process is looked through.
certainty judge(const asker &from, seen_list &out, wanted what = wanted::everyone) noexcept;

/// Calls `f(arg)` while all other threads stand still, and not at all if that cannot be had. In
/// between nothing may be allocated or locked, nor any list of core's that locks be walked.
void with_stopped_world(void (*f)(void *arg), void *arg) noexcept;

/// Around a fork, so that the world stands still for neither side of it.
void before_fork() noexcept;
void after_fork() noexcept;

/// Whether nobody but the asker can run any more: all tasks and all threads of the process wait in
/// our primitives without a time-out.
bool all_at_rest(const core::execution *asker) noexcept;

} // namespace sluice::observe
