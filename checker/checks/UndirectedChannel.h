// Finds channel handles that are used in one direction only.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

namespace sluice::checker::checks {

/// See docs/checks/undirected-channel.md.
extern const CheckInfo undirectedChannel;

} // namespace sluice::checker::checks
