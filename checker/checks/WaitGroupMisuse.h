// Finds wait groups whose counter never reaches zero or falls below it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/wait-group-misuse.md.
extern const CheckInfo waitGroupMisuse;

} // namespace sluice::checker::checks
