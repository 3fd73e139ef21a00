// Verdicts and coverage as plain text, for tests and for developers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"

#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::analysis {

/// One paragraph a verdict, then one line a primitive. Stable: tests compare it.
void printResult(const skeleton::Program &program, const Result &result, llvm::raw_ostream &out);

} // namespace sluice::checker::analysis
