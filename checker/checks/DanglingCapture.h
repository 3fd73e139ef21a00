// Finds tasks that can outlive a local they refer to.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/dangling-capture.md.
extern const CheckInfo danglingCapture;

} // namespace sluice::checker::checks
