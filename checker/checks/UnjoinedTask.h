// Finds threads that are neither joined nor detached, and futures that are thrown away.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/unjoined-task.md.
extern const CheckInfo unjoinedTask;

} // namespace sluice::checker::checks
