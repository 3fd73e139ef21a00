// Finds tasks that nothing waits for or bounds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/untracked-task.md.
extern const CheckInfo untrackedTask;

} // namespace sluice::checker::checks
