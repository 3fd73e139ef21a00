// Finds tasks that wait for each other or for themselves.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/deadlock.md.
extern const CheckInfo deadlock;

} // namespace sluice::checker::checks
