// Tells whether fibers take turns, and where they may be overtaken.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/FiberRules.h"

#include "analysis/explore/Facts.h"

namespace sluice::checker::analysis {
using namespace skeleton;

FiberRules::FiberRules(const Program &program) : program(program) {
  for (const Function &function : program.functions)
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code) {
        started |= instruction.op == Opcode::Spawn && (instruction.flags & Fiber);
        spread |= instruction.op == Opcode::SpreadFibers;
      }
  jumpsBack.resize(program.functions.size());
}

void FiberRules::findJumpsBack(const Function &function, uint32_t block, std::vector<char> &seen,
                               Jumps &back) const {
  enum : char { New, Under, Done };
  seen[block] = Under;
  for (uint32_t next : successorsOf(function.blocks[block]))
    if (seen[next] == Under)
      back.insert({block, next});
    else if (seen[next] == New)
      findJumpsBack(function, next, seen, back);
  seen[block] = Done;
}

bool FiberRules::goesBack(uint32_t function, uint32_t from, uint32_t to) const {
  std::optional<Jumps> &known = jumpsBack[function];
  if (!known) {
    known.emplace();
    std::vector<char> seen(program.functions[function].blocks.size());
    findJumpsBack(program.functions[function], 0, seen, *known);
  }
  return known->count({from, to});
}

} // namespace sluice::checker::analysis
