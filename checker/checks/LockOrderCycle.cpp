// Words tasks that hold one lock each and wait for the other's.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/LockOrderCycle.h"

#include "checks/Deadlock.h"
#include "checks/Story.h"

namespace sluice::checker::checks {

const CheckInfo lockOrderCycle = {
    .id = "lock-order-cycle",
    .summary = "locks taken in opposite orders by tasks that may run at the same time",
    .message = circleMessage,
};

} // namespace sluice::checker::checks
