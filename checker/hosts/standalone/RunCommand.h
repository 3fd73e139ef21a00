// `sluice run`: runs a program, and searches its interleavings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/RunArguments.h"

namespace sluice::checker::standalone {

/// Runs the command; the answer is the exit status.
int runProgram(const RunArguments &arguments);

} // namespace sluice::checker::standalone
