// Finds condition waits that no notify may end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/lost-notify.md.
extern const CheckInfo lostNotify;

} // namespace sluice::checker::checks
