// Finds functions that only return the channel of one result.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/async-api.md.
extern const CheckInfo asyncApi;

} // namespace sluice::checker::checks
