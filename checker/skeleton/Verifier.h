// Checks that a skeleton is well formed, so that analyses need not.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include <string>
#include <vector>

namespace sluice::checker::skeleton {

/// What is wrong with `program`, one line each ("search: b1: 3: no such block b7"); empty: it is
/// well formed.
std::vector<std::string> verify(const Program &program);

} // namespace sluice::checker::skeleton
