// Judges classes as scopes of their own, where not all that is done with them is in sight.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Judge.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace sluice::checker::analysis {

/// What is done with the result of a scope, which is known by its entry, or a class's destructor.
/// Its functions have the program's numbers.
using AddJudge =
    llvm::function_ref<void(const Facts &facts, Judge &judge, skeleton::FunctionId entry)>;

/// Explores a client of each class that has an interface and whose constructions or uses may be out
/// of sight. `sliced` is the program without what no verdict depends on; `isJudged` says of a
/// making whether another scope gave a verdict on it.
void judgeClasses(const skeleton::Program &program, const skeleton::Program &sliced,
                  const Options &options,
                  llvm::function_ref<bool(const skeleton::InstructionRef &)> isJudged,
                  AddJudge add);

} // namespace sluice::checker::analysis
