// Finds locks that a task still holds as it ends, and unlocks by a task that does not hold the lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/missing-unlock.md.
extern const CheckInfo missingUnlock;

} // namespace sluice::checker::checks
