// Finds tasks that wait for each other or for themselves.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

#include <string>

namespace sluice::checker::checks {

/// See docs/checks/deadlock.md.
extern const CheckInfo deadlock;

/// Words a circle of waiting: what the culprit waits for, and who keeps it waiting.
std::string circleMessage(const Story &story);

} // namespace sluice::checker::checks
