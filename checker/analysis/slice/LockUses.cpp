// Tells code that has to do with locks from the rest.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/slice/LockUses.h"

#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

bool usesLock(const Function &function) {
  return llvm::any_of(function.blocks, [](const Block &block) {
    return llvm::any_of(block.code, [](const Instruction &instruction) {
      return instruction.op == Opcode::Lock || instruction.op == Opcode::Unlock;
    });
  });
}

} // namespace

LockUses::LockUses(const Program &program, const Aliases &aliases) : aliases(aliases) {
  for (uint32_t f = 0; f != program.functions.size(); ++f) {
    bool knows = usesLock(program.functions[f]);
    for (Register r = 0; r != program.functions[f].parameters; ++r)
      knows |= aliases.leadsToPrimitive(f, Operand::reg(r));
    knowsLocks.push_back(knows);
  }
}

bool LockUses::keeps(uint32_t f, const Instruction &instruction) const {
  switch (instruction.op) {
  case Opcode::Lock:
  case Opcode::Unlock:
  case Opcode::Wait:
    return true;
  case Opcode::Stop:
  case Opcode::Unreachable:
  case Opcode::Throw:
    return knowsLocks[f];
  case Opcode::Suspend:
  case Opcode::Escape:
  case Opcode::CallUnknown:
    return llvm::any_of(instruction.args,
                        [&](const Operand &each) { return aliases.leadsToPrimitive(f, each); });
  case Opcode::Make:
    return instruction.primitive == PrimitiveKind::Mutex ||
           instruction.primitive == PrimitiveKind::SharedMutex;
  default:
    return false;
  }
}

} // namespace sluice::checker::analysis
