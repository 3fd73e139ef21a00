// Finds locks that tasks take in opposite orders.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/lock-order-cycle.md.
extern const CheckInfo lockOrderCycle;

/// Whether calls of different entries of a library are taken to run at the same time.
extern const OptionInfo acrossEntries;

} // namespace sluice::checker::checks
