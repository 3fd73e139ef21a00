// Finds receives that nobody may ever send to or close.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/starved-receive.md.
extern const CheckInfo starvedReceive;

} // namespace sluice::checker::checks
