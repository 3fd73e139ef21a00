// Finds waits for events and semaphores that may never be fulfilled.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/unfulfilled-wait.md.
extern const CheckInfo unfulfilledWait;

} // namespace sluice::checker::checks
