// Leaves out the instructions that do nothing, and the blocks that are never entered.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/slice/ControlDependence.h"
#include "analysis/slice/Slicer.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

bool doesNothing(const Instruction &instruction) {
  return instruction.op == Opcode::Copy && !instruction.result() &&
         instruction.args[0].kind == Operand::Kind::Unit;
}

/// Renumbers the blocks that can still be entered, and drops the others.
void dropBlocks(Function &function) {
  ControlDependence control(function);
  std::vector<BlockId> number(function.blocks.size());
  std::vector<Block> left;
  for (BlockId b = 0; b != function.blocks.size(); ++b)
    if (control.reachable(b)) {
      number[b] = BlockId(left.size());
      left.push_back(std::move(function.blocks[b]));
    }
  for (Block &block : left)
    for (Instruction &instruction : block.code) {
      for (BlockId &target : instruction.targets)
        target = number[target];
      for (SwitchCase &each : instruction.cases)
        each.target = number[each.target];
      if (instruction.unwind)
        instruction.unwind = number[*instruction.unwind];
    }
  function.blocks = std::move(left);
}

} // namespace

Program withoutGaps(const Program &program) {
  Program compact = program;
  for (Function &function : compact.functions) {
    if (function.blocks.empty())
      continue;
    for (Block &block : function.blocks)
      std::erase_if(block.code, doesNothing);
    dropBlocks(function);
  }
  return compact;
}

} // namespace sluice::checker::analysis
