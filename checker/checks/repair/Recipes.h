// The ways to repair a defect that are known: each proposes edits, and proves nothing.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/repair/Proposal.h"
#include "checks/repair/Scene.h"

namespace sluice::checker::checks {

/// A buffer for the channel on which a send blocks: of one, of two, or as many as tasks send.
void proposeBuffer(Scene &scene, std::vector<Proposal> &proposals);

/// Closing the channel from which a receive waits where a function that sends on it ends.
void proposeCloseAtEnd(Scene &scene, std::vector<Proposal> &proposals);

/// Ending a blocked send, receive or select by a context that is in reach.
void proposeCancellation(Scene &scene, std::vector<Proposal> &proposals);

/// Releasing a lock before the operation that blocks under it, where that is the last thing done
/// under the lock and needs nothing of what it guards.
void proposeReleaseFirst(Scene &scene, std::vector<Proposal> &proposals);

/// Taking two locks together that are taken one after the other.
void proposeLockTogether(Scene &scene, std::vector<Proposal> &proposals);

} // namespace sluice::checker::checks
