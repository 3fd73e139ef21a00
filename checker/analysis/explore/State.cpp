// Reachability in the heap of a state.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/State.h"

#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::analysis {

void markReachable(const State &state, llvm::SmallVectorImpl<uint32_t> &roots,
                   std::vector<bool> &marked) {
  while (!roots.empty()) {
    uint32_t id = roots.pop_back_val();
    if (marked[id])
      continue;
    marked[id] = true;
    eachValue(state.heap[id], 0, [&](Value value) {
      if (value.refers() && !marked[value.index()])
        roots.push_back(value.index());
    });
  }
}

void markFrom(const State &state, const Task &task, std::vector<bool> &marked) {
  llvm::SmallVector<uint32_t, 16> roots;
  eachValue(task, [&](Value value) {
    if (value.refers())
      roots.push_back(value.index());
  });
  markReachable(state, roots, marked);
}

bool inDaemon(const skeleton::Program &program, const Task &task) {
  return llvm::any_of(task.frames,
                      [&](const Frame &frame) { return program.functions[frame.function].daemon; });
}

} // namespace sluice::checker::analysis
