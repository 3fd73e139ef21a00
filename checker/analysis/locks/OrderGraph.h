// Which locks may be held while which others are waited for: an upper bound.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Facts.h"
#include "analysis/slice/Aliases.h"
#include "analysis/slice/FieldFlow.h"

namespace sluice::checker::analysis {

/// All lock orders there may be, found in one cheap pass over classes of locks: those that may be
/// one lock, and those of one field. Only where they have a circle are functions worth summing up
/// over access paths.
class OrderGraph {
public:
  OrderGraph(const Facts &facts, const Aliases &aliases, const FieldFlow &flow);
  bool hasCircle() const { return circling.any() || exchanging.any(); }
  /// Whether running the function may add an order that is part of a circle of several classes.
  bool mayCircle(uint32_t function) const { return circling.test(function); }
  /// The same of an order of two locks of one class.
  bool mayExchange(uint32_t function) const { return exchanging.test(function); }
  /// Whether running the function may do something to a lock that is part of a circle, or leave
  /// other locks held than before.
  bool touches(uint32_t function) const { return touching.test(function); }

private:
  /// By class: how many locks a way holds more than where the function began: -1 where it released
  /// one of its caller's, 0, 1, or Many, from which nothing counts down.
  using Counts = std::vector<int8_t>;
  struct Effects {
    llvm::BitVector waits;                  ///< classes waited for, here and in what is called
    std::optional<Counts> exit;             ///< nothing: no way out is known
    std::vector<llvm::BitVector> whileHeld; ///< by class: those waited for while it is held
  };
  class Run;

  void classify();
  void findCallers();
  void findOrders();
  void findCircles();
  bool touchesSome(uint32_t function, const llvm::BitVector &inCircle) const;
  bool leavesOthers(uint32_t function) const;
  llvm::BitVector functionsThat(llvm::function_ref<bool(uint32_t)> matches) const;
  uint32_t classOf(uint32_t function, const skeleton::Instruction &instruction) const;
  std::vector<uint32_t> targets(uint32_t function, const skeleton::Instruction &instruction) const;

  const skeleton::Program &program;
  const Facts &facts;
  const Aliases &aliases;
  const FieldFlow &flow;
  std::map<Aliases::Node, uint32_t> classes;  ///< by node of a lock
  unsigned count = 0;                         ///< of classes
  std::vector<std::vector<uint32_t>> callers; ///< by function: those that call or start it
  llvm::BitVector relevant;                   ///< functions that lock, or run one that does
  std::vector<Effects> effects;               ///< empty ones of functions that are not relevant
  llvm::BitVector circling, exchanging, touching;
};

} // namespace sluice::checker::analysis
