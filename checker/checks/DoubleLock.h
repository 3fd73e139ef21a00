// Finds locks that a task takes again while it holds them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/double-lock.md.
extern const CheckInfo doubleLock;

} // namespace sluice::checker::checks
