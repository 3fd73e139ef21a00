// Tells apart what functions do, whatever they are called and wherever they stand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include <string>

namespace sluice::checker::analysis {

/// The same for functions that do the same: registers are numbered as they are met, blocks as they
/// are come to, and jumps alone do nothing.
std::string codeKey(const skeleton::Function &function);

} // namespace sluice::checker::analysis
