// Summaries of what functions do to locks, made bottom-up and on demand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Facts.h"
#include "analysis/locks/LockState.h"
#include "analysis/locks/OrderGraph.h"

namespace sluice::checker::analysis {

/// Computed on demand, once a function and what it is handed. Recursion is a fixpoint.
class LockSummaries {
public:
  LockSummaries(const Facts &facts, const FieldFlow &flow, const OrderGraph &orders)
      : facts(facts), program(facts.program), aliases(facts.program), flow(flow), orders(orders),
        paths(flow), inSlots(slotFunctions(facts.program)) {}

  const LockSummary &of(LockContext context);
  /// The summary of a function that is handed outside values only.
  const LockSummary &ofEntry(uint32_t function);

  const Facts &facts;
  const skeleton::Program &program;
  const Aliases aliases;
  const FieldFlow &flow;
  const OrderGraph &orders;
  Paths paths;
  const llvm::BitVector inSlots; ///< functions that are called on an object, which they are handed
  uint64_t stepsLeft = 25'000;   ///< for all functions of the program

private:
  static llvm::BitVector slotFunctions(const skeleton::Program &program);
  struct Entry {
    LockSummary summary;
    bool done = false;
    std::optional<size_t> run;   ///< that is under way
    std::optional<size_t> rests; ///< the run under way that its summary was made from
    uint64_t made = 0;           ///< the last round begun before it was
  };
  /// One attempt at a summary, in rounds.
  struct Run {
    uint64_t begun = 0; ///< the present round
    bool used = false;  ///< its summary was asked for in this round
    bool ended = false;
    std::optional<size_t> rests; ///< the outermost run whose summary it was made from
  };
  LockContext plain(uint32_t function) const;
  std::optional<size_t> underWay(std::optional<size_t> run) const;
  void restOn(size_t run);

  std::map<LockKey, Entry> entries;
  std::map<uint32_t, unsigned> contexts; ///< how many a function has
  std::vector<Run> runs;
  std::vector<size_t> stack; ///< the runs under way
  uint64_t rounds = 0;
};

} // namespace sluice::checker::analysis
