// What a lock that is taken twice may depend on.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/slice/Aliases.h"

#include <vector>

namespace sluice::checker::analysis {

class LockUses {
public:
  LockUses(const skeleton::Program &program, const Aliases &aliases);

  /// Whether the instruction is to be kept for its own sake. Where a function that knows of no lock
  /// throws or ends the program is passed over: it has its reasons in what the lock's users do not
  /// look at.
  bool keeps(uint32_t function, const skeleton::Instruction &instruction) const;

private:
  const Aliases &aliases;
  std::vector<bool> knowsLocks; ///< functions that use a lock or are handed what leads to one
};

} // namespace sluice::checker::analysis
