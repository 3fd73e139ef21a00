// Which branches of a function decide whether a block runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include "llvm/ADT/BitVector.h"

namespace sluice::checker::analysis {

/// Computed from post-dominance. A loop that is never left is taken to be left at its last jump
/// back, so that the branches inside it have an order.
class ControlDependence {
public:
  explicit ControlDependence(const skeleton::Function &function);

  /// The blocks whose ends decide whether `block` runs.
  const llvm::BitVector &deciders(uint32_t block) const { return decides[block]; }
  /// The first block that every way from the end of `block` comes by; nothing: they only meet in
  /// the function's end.
  std::optional<uint32_t> meeting(uint32_t block) const;
  /// Whether the block is on a cycle.
  bool inLoop(uint32_t block) const { return reach[block].test(block); }
  bool reachable(uint32_t block) const { return block == 0 || reach[0].test(block); }

private:
  void findReach();
  void findExits();
  void findDominators();

  std::vector<llvm::SmallVector<uint32_t, 4>> next;
  std::vector<llvm::BitVector> reach;
  std::vector<bool> exits;            ///< the function may end after this block
  std::vector<llvm::BitVector> after; ///< blocks that every way from here comes by, itself included
  std::vector<llvm::BitVector> decides;
};

} // namespace sluice::checker::analysis
