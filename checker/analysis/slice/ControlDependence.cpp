// Computes post-dominance, and from it which branches decide what runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/slice/ControlDependence.h"
#include "analysis/explore/Facts.h"

namespace sluice::checker::analysis {
using namespace skeleton;

ControlDependence::ControlDependence(const Function &function) {
  unsigned count = unsigned(function.blocks.size());
  for (const Block &block : function.blocks) {
    next.push_back(successorsOf(block));
    const Instruction &last = block.code.back();
    exits.push_back(last.targets.empty() && last.cases.empty() && !last.unwind);
  }
  findReach();
  findExits();
  findDominators();
  decides.assign(count, llvm::BitVector(count));
  for (unsigned from = 0; from != count; ++from)
    for (unsigned to : next[from])
      for (unsigned block : after[to].set_bits())
        if (block == from || !after[from].test(block))
          decides[block].set(from);
}

void ControlDependence::findReach() {
  unsigned count = unsigned(next.size());
  reach.assign(count, llvm::BitVector(count));
  for (unsigned from = 0; from != count; ++from) {
    llvm::SmallVector<uint32_t, 16> work(next[from].begin(), next[from].end());
    while (!work.empty()) {
      uint32_t block = work.pop_back_val();
      if (reach[from].test(block))
        continue;
      reach[from].set(block);
      work.append(next[block].begin(), next[block].end());
    }
  }
}

void ControlDependence::findExits() {
  unsigned count = unsigned(next.size());
  llvm::BitVector ends(count);
  for (unsigned block = 0; block != count; ++block)
    if (exits[block])
      ends.set(block);
  for (unsigned block = count; block-- != 0;) {
    bool closed = !exits[block] && !reach[block].anyCommon(ends) && reach[block].test(block);
    bool jumpsBack = closed && llvm::any_of(next[block], [&](uint32_t to) { return to <= block; });
    if (!jumpsBack)
      continue;
    exits[block] = true;
    ends.set(block);
  }
}

void ControlDependence::findDominators() {
  unsigned count = unsigned(next.size());
  after.assign(count, llvm::BitVector(count, true));
  for (bool changed = true; changed;) {
    changed = false;
    for (unsigned block = count; block-- != 0;) {
      llvm::BitVector common(count, !exits[block]);
      for (unsigned to : next[block])
        common &= after[to];
      common.set(block);
      if (common == after[block])
        continue;
      after[block] = common;
      changed = true;
    }
  }
}

std::optional<uint32_t> ControlDependence::meeting(uint32_t block) const {
  std::optional<uint32_t> nearest;
  for (unsigned each : after[block].set_bits())
    if (each != block && (!nearest || after[each].count() > after[*nearest].count()))
      nearest = each;
  return nearest;
}

} // namespace sluice::checker::analysis
