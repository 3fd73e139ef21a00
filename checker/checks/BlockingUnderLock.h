// Finds waits under a lock that the other side needs first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/blocking-under-lock.md.
extern const CheckInfo blockingUnderLock;

} // namespace sluice::checker::checks
