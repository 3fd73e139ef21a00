// Who of the stuck tasks of a state waits for whom, and which of them are the cause.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/leak/Progress.h"

namespace sluice::checker::analysis {

/// One defect of a state: a task, or a cycle of tasks, that waits for no other defect to be
/// repaired.
struct Cause {
  Defect defect = Defect::BlockedForever;
  uint32_t culprit = 0;          ///< task of the state
  std::vector<uint32_t> parties; ///< Deadlock: the tasks of the cycle
  unsigned rank = 0; ///< of the culprit: 0 waits for a lock it holds itself; see WaitGraph.cpp
};

/// The causes in a state whose tasks marked in `stuck` never move again; `endless` ones move for
/// ever without an end.
std::vector<Cause> findCauses(const Facts &facts, const State &state,
                              const std::vector<bool> &stuck, const std::vector<bool> &endless);

/// Which of the stuck tasks wait, directly or not, for one of `parties`.
std::vector<bool> waitersFor(const Facts &facts, const State &state, const std::vector<bool> &stuck,
                             const std::vector<uint32_t> &parties);

/// Whether the task waits for a lock that it holds itself, or for what only it would do later.
bool waitsForItself(const Facts &facts, const State &state, uint32_t task);

/// Whether the task, at a wait on a condition, was woken and waits for the lock only.
bool relocks(const State &state, uint32_t task, const skeleton::Instruction &at);

/// The instruction at which a task stands.
skeleton::InstructionRef placeOf(const State &state, uint32_t task);

/// What a task waits for there.
struct Stand {
  skeleton::InstructionRef at;
  bool woken = false; ///< from a condition: it wants the lock again
  auto operator<=>(const Stand &) const = default;
};

Stand standOf(const State &state, uint32_t task);

} // namespace sluice::checker::analysis
