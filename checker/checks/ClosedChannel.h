// Finds sends on and closes of channels that are closed or nil.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/closed-channel.md.
extern const CheckInfo closedChannel;

} // namespace sluice::checker::checks
