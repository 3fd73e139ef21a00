// Finds locks that tasks take in opposite orders.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/lock-order-cycle.md.
extern const CheckInfo lockOrderCycle;

} // namespace sluice::checker::checks
