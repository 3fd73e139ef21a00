// Keeps what is in the registers of a function that is left in the middle and goes on later.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/KeptRegisters.h"

#include "llvm/ADT/BitVector.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace sluice::checker::skeleton;

namespace {

/// Which registers are read at the start of each block, or later, before they are written.
class Liveness {
public:
  explicit Liveness(const Function &f)
      : f(f), atStart(f.blocks.size(), llvm::BitVector(f.registers.size())) {
    for (bool changed = true; changed;) {
      changed = false;
      for (BlockId b = f.blocks.size(); b-- > 0;)
        changed |= update(b);
    }
  }

  const llvm::BitVector &operator[](BlockId b) const { return atStart[b]; }

private:
  bool update(BlockId b) {
    llvm::BitVector live(f.registers.size());
    for (size_t i = f.blocks[b].code.size(); i-- > 0;)
      before(f.blocks[b].code[i], live);
    if (live == atStart[b])
      return false;
    atStart[b] = std::move(live);
    return true;
  }

  void before(const Instruction &i, llvm::BitVector &live) {
    for (BlockId t : i.targets)
      live |= atStart[t];
    for (const SwitchCase &c : i.cases)
      live |= atStart[c.target];
    for (const std::optional<Register> &r : i.results)
      if (r)
        live.reset(*r);
    for (const SelectArm &arm : i.arms)
      for (const std::optional<Register> &r : {arm.result, arm.ok})
        if (r)
          live.reset(*r);
    if (i.unwind)
      live |= atStart[*i.unwind];
    for (const Operand &o : i.args)
      read(o, live);
    for (const SelectArm &arm : i.arms) {
      read(arm.channel, live);
      read(arm.value, live);
    }
  }

  static void read(const Operand &o, llvm::BitVector &live) {
    if (o.kind == Operand::Kind::Register)
      live.set(o.index);
  }

  const Function &f;
  std::vector<llvm::BitVector> atStart;
};

Instruction access(Opcode op, FieldId field, Span at) {
  Instruction i;
  i.op = op;
  i.args.push_back(Operand::reg(0));
  i.callee = field;
  i.at = at;
  return i;
}

void prepend(Block &block, std::vector<Instruction> code) {
  block.code.insert(block.code.begin(), std::make_move_iterator(code.begin()),
                    std::make_move_iterator(code.end()));
}

} // namespace

void frontend::keepRegisters(Function &f, llvm::ArrayRef<Suspension> suspensions, Register first,
                             llvm::function_ref<FieldId(Register)> fieldOf) {
  const Liveness live(f);
  for (const Suspension &s : suspensions) {
    std::vector<Instruction> stores, loads;
    for (unsigned r : live[s.entering].set_bits()) {
      if (r < first)
        continue;
      stores.push_back(access(Opcode::Store, fieldOf(r), s.at));
      stores.back().args.push_back(Operand::reg(r));
      loads.push_back(access(Opcode::Load, fieldOf(r), s.at));
      loads.back().results.push_back(r);
    }
    prepend(f.blocks[s.leaving], std::move(stores));
    prepend(f.blocks[s.entering], std::move(loads));
  }
}
