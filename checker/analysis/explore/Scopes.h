// Chooses the functions from which a program is explored, so that every making is judged with all
// its uses in sight.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Facts.h"

namespace sluice::checker::analysis {

/// The entries to explore, in order.
std::vector<uint32_t> chooseScopes(const Facts &facts);

} // namespace sluice::checker::analysis
