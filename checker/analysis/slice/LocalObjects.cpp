// Follows the fields of local objects forward, over ways that may be taken, and rewrites reads.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// As in conditional constant propagation (Wegman, Zadeck 1991), a branch that is known to go one
// way is followed that way only.
#include "analysis/slice/LocalObjects.h"

#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

bool accessesField(const Instruction &instruction) {
  return instruction.op == Opcode::Load || instruction.op == Opcode::Store;
}

void eachResult(const Instruction &instruction, llvm::function_ref<void(Register)> visit) {
  for (std::optional<Register> r : instruction.results)
    if (r)
      visit(*r);
  for (const SelectArm &arm : instruction.arms)
    for (std::optional<Register> r : {arm.result, arm.ok})
      if (r)
        visit(*r);
}

class Folder {
public:
  explicit Folder(Function &function) : function(function) {}
  void run();

private:
  /// By slot; kind None: not known.
  using Values = std::vector<Operand>;

  void findObjects();
  void findSlots();
  std::optional<unsigned> slotOf(const Instruction &instruction) const;
  void enter(uint32_t block, const Values &values);
  void follow(uint32_t block, bool rewrites);
  void step(Instruction &instruction, Values &values, std::map<Register, int64_t> &constants,
            bool rewrites);
  void leave(Instruction &end, const Values &values, const std::map<Register, int64_t> &constants,
             bool rewrites);
  void dropUnread();

  Function &function;
  std::vector<bool> local; ///< by register: the only name of an object that never leaves
  std::map<std::pair<Register, FieldId>, unsigned> slots;
  std::vector<std::optional<Values>> before; ///< by block; nothing: not reached
  std::vector<uint32_t> work;
};

void Folder::findObjects() {
  std::vector<unsigned> definitions(function.registers.size());
  std::vector<bool> made(function.registers.size()), leaves(function.registers.size());
  for (const Block &block : function.blocks)
    for (const Instruction &instruction : block.code) {
      eachResult(instruction, [&](Register r) { ++definitions[r]; });
      if (instruction.op == Opcode::New && instruction.result())
        made[*instruction.result()] = true;
      for (size_t i = accessesField(instruction) ? 1 : 0; i < instruction.args.size(); ++i)
        if (instruction.args[i].kind == Operand::Kind::Register)
          leaves[instruction.args[i].index] = true;
      for (const SelectArm &arm : instruction.arms)
        for (const Operand &each : {arm.channel, arm.value})
          if (each.kind == Operand::Kind::Register)
            leaves[each.index] = true;
    }
  local.resize(function.registers.size());
  for (Register r = 0; r != local.size(); ++r)
    local[r] = r >= function.parameters && made[r] && !leaves[r] && definitions[r] == 1;
}

std::optional<unsigned> Folder::slotOf(const Instruction &instruction) const {
  if (!accessesField(instruction) || instruction.args[0].kind != Operand::Kind::Register)
    return std::nullopt;
  auto known = slots.find({instruction.args[0].index, instruction.callee});
  return known == slots.end() ? std::nullopt : std::optional(known->second);
}

void Folder::findSlots() {
  for (const Block &block : function.blocks)
    for (const Instruction &instruction : block.code)
      if (accessesField(instruction) && instruction.args[0].kind == Operand::Kind::Register &&
          local[instruction.args[0].index])
        slots.try_emplace({instruction.args[0].index, instruction.callee}, unsigned(slots.size()));
}

void Folder::enter(uint32_t block, const Values &values) {
  if (!before[block]) {
    before[block] = values;
    work.push_back(block);
    return;
  }
  bool less = false;
  for (size_t i = 0; i != values.size(); ++i)
    if (Operand &known = (*before[block])[i];
        known.kind != Operand::Kind::None && known != values[i]) {
      known = {};
      less = true;
    }
  if (less)
    work.push_back(block);
}

void Folder::step(Instruction &instruction, Values &values, std::map<Register, int64_t> &constants,
                  bool rewrites) {
  std::optional<unsigned> slot = slotOf(instruction);
  Operand read;
  if (slot && instruction.op == Opcode::Load)
    read = values[*slot];
  eachResult(instruction, [&](Register r) {
    constants.erase(r);
    for (Operand &value : values)
      if (value == Operand::reg(r))
        value = {};
    for (auto slot = slots.lower_bound({r, 0}); slot != slots.end() && slot->first.first == r;
         ++slot)
      values[slot->second] = {};
  });
  if (read.kind == Operand::Kind::Integer && instruction.result())
    constants[*instruction.result()] = read.value;
  if (slot && instruction.op == Opcode::Store) {
    const Operand &stored = instruction.args[1];
    bool varies = stored.kind == Operand::Kind::Free || stored.kind == Operand::Kind::Opaque;
    values[*slot] = varies ? Operand() : stored;
  }
  if (!rewrites || read.kind == Operand::Kind::None)
    return;
  instruction.op = Opcode::Copy;
  instruction.args = {read};
  instruction.callee = 0;
}

void Folder::leave(Instruction &end, const Values &values,
                   const std::map<Register, int64_t> &constants, bool rewrites) {
  bool decided = end.op == Opcode::Branch && end.args[0].kind == Operand::Kind::Register &&
                 constants.count(end.args[0].index);
  if (!decided) {
    for (BlockId target : end.targets)
      enter(target, values);
    for (const SwitchCase &each : end.cases)
      enter(each.target, values);
    return;
  }
  BlockId target = end.targets[constants.at(end.args[0].index) ? 0 : 1];
  enter(target, values);
  if (!rewrites)
    return;
  end.op = Opcode::Jump;
  end.args.clear();
  end.targets = {target};
}

void Folder::follow(uint32_t block, bool rewrites) {
  Values values = *before[block];
  std::map<Register, int64_t> constants;
  for (Instruction &instruction : function.blocks[block].code) {
    if (instruction.unwind)
      enter(*instruction.unwind, values);
    step(instruction, values, constants, rewrites);
    if (instruction.unwind)
      enter(*instruction.unwind, values);
  }
  leave(function.blocks[block].code.back(), values, constants, rewrites);
}

/// What was written where nothing is read, and objects that nothing is left of.
void Folder::dropUnread() {
  std::vector<bool> read(slots.size()), used(function.registers.size());
  auto eachReached = [&](llvm::function_ref<void(Instruction &)> visit) {
    for (uint32_t b = 0; b != function.blocks.size(); ++b)
      if (before[b])
        for (Instruction &instruction : function.blocks[b].code)
          visit(instruction);
  };
  eachReached([&](Instruction &instruction) {
    std::optional<unsigned> slot = slotOf(instruction);
    if (slot && instruction.op == Opcode::Load) {
      read[*slot] = true;
      used[instruction.args[0].index] = true;
    }
  });
  eachReached([&](Instruction &instruction) {
    std::optional<unsigned> slot = slotOf(instruction);
    bool unread = slot && instruction.op == Opcode::Store && !read[*slot];
    bool unused = instruction.op == Opcode::New && instruction.result() &&
                  local[*instruction.result()] && !used[*instruction.result()];
    if (unread || unused)
      instruction = nothingAt(instruction.at);
  });
}

void Folder::run() {
  findObjects();
  if (!llvm::is_contained(local, true))
    return;
  findSlots();
  before.resize(function.blocks.size());
  enter(0, Values(slots.size()));
  while (!work.empty()) {
    uint32_t block = work.back();
    work.pop_back();
    follow(block, false);
  }
  for (uint32_t b = 0; b != function.blocks.size(); ++b)
    if (before[b])
      follow(b, true);
  dropUnread();
}

} // namespace

Instruction nothingAt(const Span &at) {
  Instruction nothing{};
  nothing.op = Opcode::Copy;
  nothing.results = {std::nullopt};
  nothing.args = {Operand::unit()};
  nothing.at = at;
  return nothing;
}

void foldLocalObjects(Function &function) {
  if (!function.blocks.empty())
    Folder(function).run();
}

} // namespace sluice::checker::analysis
