// `sluice extract`: writes the summary of one unit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/Arguments.h"

namespace sluice::checker::standalone {

/// Runs the command; the answer is the exit status.
int runExtract(const CheckArguments &arguments, const std::string &resourceDir);

} // namespace sluice::checker::standalone
