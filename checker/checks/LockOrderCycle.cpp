// Words tasks that hold one lock each and wait for the other's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/LockOrderCycle.h"

#include "checks/Deadlock.h"
#include "checks/Story.h"

namespace sluice::checker::checks {

const OptionInfo acrossEntries{
    "AcrossEntries", OptionKind::Flag, "true",
    "also report orders that only two calls from out of sight can bring together"};

static const OptionInfo *const options[] = {&acrossEntries, &fixes, &onlyDefinite};

const CheckInfo lockOrderCycle = {
    .id = "lock-order-cycle",
    .summary = "locks taken in opposite orders by tasks that may run at the same time",
    .message = circleMessage,
    .options = options,
};

} // namespace sluice::checker::checks
