// Summaries of what functions do to locks, made bottom-up and on demand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Facts.h"
#include "analysis/locks/LockState.h"
#include "analysis/slice/Aliases.h"

namespace sluice::checker::analysis {

/// Computed on demand, once a function and what it is handed. Recursion is a fixpoint.
class LockSummaries {
public:
  explicit LockSummaries(const Facts &facts)
      : facts(facts), program(facts.program), aliases(facts.program) {}

  const LockSummary &of(LockContext context);
  /// The summary of a function that is handed outside values only.
  const LockSummary &ofEntry(uint32_t function);

  const Facts &facts;
  const skeleton::Program &program;
  const Aliases aliases;
  Paths paths;
  uint64_t stepsLeft = 300'000; ///< for all functions of the program

private:
  struct Entry {
    LockSummary summary;
    unsigned depth = 0; ///< on the stack of functions that are being summed up; 0: not there
    bool done = false;
    bool used = false; ///< asked for while on that stack
  };
  LockContext plain(uint32_t function) const;

  std::map<LockKey, Entry> entries;
  std::map<uint32_t, unsigned> contexts; ///< how many a function has
  unsigned depth = 0;
  unsigned lowest = 0; ///< of the entries used since, the one furthest down the stack
};

} // namespace sluice::checker::analysis
