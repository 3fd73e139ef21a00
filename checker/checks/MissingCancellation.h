// Finds tasks and loops that nothing can end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/missing-cancellation.md.
extern const CheckInfo missingCancellation;

} // namespace sluice::checker::checks
