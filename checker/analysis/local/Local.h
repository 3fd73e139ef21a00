// Verdicts that one function's skeleton gives by itself, without exploring.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "analysis/explore/Facts.h"

#include <set>

namespace sluice::checker::analysis {

/// Adds the verdicts of all functions, in their order.
void judgeLocally(const skeleton::Program &program, std::vector<Verdict> &verdicts);

/// What the functions of a program may do, calls included.
class Abilities {
public:
  explicit Abilities(const Facts &facts);
  /// It may wait for another task, or calls code that is not in sight.
  bool mayWait(uint32_t function, const skeleton::Instruction &instruction) const;
  bool mayWait(uint32_t function) const { return waits[function]; }
  /// It works on a primitive, or lets code out of sight do so.
  bool mayCommunicate(uint32_t function) const { return communicates[function]; }

private:
  const Facts &facts;
  std::vector<bool> waits, communicates;
};

/// The function that a `spawn` of this function's register runs, where it is a closure made here.
const skeleton::Function *startedBy(const skeleton::Program &program,
                                    const skeleton::Function &function,
                                    const skeleton::Instruction &spawn);

/// A verdict about a task that `function` starts at `start`.
Verdict aboutStart(const skeleton::Program &program, skeleton::InstructionRef start, Defect defect);

/// Tasks that refer to locals which end before anything has waited for the task.
void findOutlived(const Facts &facts, const Abilities &able, uint32_t function,
                  std::vector<Verdict> &verdicts);

/// Tasks that nothing can wait for, and functions that only return the channel of one result.
void findUntracked(const Facts &facts, const Abilities &able, uint32_t function,
                   std::vector<Verdict> &verdicts);

} // namespace sluice::checker::analysis
