// Finds where the classes and globals of a unit are defined.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/SourceUnit.h"
#include "skeleton/Outline.h"

namespace sluice::checker::checks {

/// Of all classes of the user's that the unit sees defined, and of the globals that it defines.
skeleton::Homes homesIn(SourceUnit &unit);

} // namespace sluice::checker::checks
