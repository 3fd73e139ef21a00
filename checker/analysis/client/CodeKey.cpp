// Tells apart what functions do, whatever they are called and wherever they stand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/client/CodeKey.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

class KeyWriter {
public:
  explicit KeyWriter(const Function &function) : function(function), out(text) {}
  std::string write();

private:
  void reg(Register r);
  void operand(const Operand &operand);
  void countEntries();
  BlockId skipJumps(BlockId target) const;
  void block(BlockId target);
  void code(BlockId from);
  void instruction(const Instruction &i);

  const Function &function;
  std::map<Register, size_t> registers;
  std::map<BlockId, size_t> blocks;
  std::vector<unsigned> entries; ///< by block: the ways to it
  std::vector<BlockId> work;
  std::string text;
  llvm::raw_string_ostream out;
};

/// Of a parameter, what a caller may hand in counts as well.
void KeyWriter::reg(Register r) {
  auto [known, isNew] = registers.try_emplace(r, registers.size());
  out << '%' << known->second;
  if (isNew && r < function.parameters)
    out << (r == 0 ? "this" : "in")
        << (r < function.parameterRoles.size() ? function.parameterRoles[r] : "");
}

void KeyWriter::operand(const Operand &operand) {
  out << ' ' << unsigned(operand.kind);
  if (operand.kind == Operand::Kind::Register)
    reg(operand.index);
  else
    out << ':' << operand.index << ':' << operand.value;
}

void KeyWriter::countEntries() {
  entries.resize(function.blocks.size());
  for (const Block &block : function.blocks)
    for (const Instruction &i : block.code) {
      for (BlockId target : i.targets)
        ++entries[target];
      for (const SwitchCase &each : i.cases)
        ++entries[each.target];
      if (i.unwind)
        ++entries[*i.unwind];
    }
}

BlockId KeyWriter::skipJumps(BlockId target) const {
  auto onlyJumps = [&](BlockId b) {
    const Instruction &first = function.blocks[b].code.front();
    return first.op == Opcode::Jump && first.targets[0] != b;
  };
  for (size_t hops = 0; hops != function.blocks.size() && onlyJumps(target); ++hops)
    target = function.blocks[target].code.front().targets[0];
  return target;
}

void KeyWriter::block(BlockId target) {
  target = skipJumps(target);
  auto [known, isNew] = blocks.try_emplace(target, blocks.size());
  if (isNew)
    work.push_back(target);
  out << " b" << known->second;
}

void KeyWriter::instruction(const Instruction &i) {
  out << '\n'
      << unsigned(i.op) << ' ' << i.flags << ' ' << unsigned(i.primitive) << ' ' << i.callee;
  for (std::optional<Register> r : i.results)
    r ? reg(*r) : void(out << '_');
  for (const Operand &each : i.args)
    operand(each);
  for (const SelectArm &arm : i.arms) {
    out << " arm " << unsigned(arm.kind);
    operand(arm.channel);
    operand(arm.value);
    for (std::optional<Register> r : {arm.result, arm.ok})
      r ? reg(*r) : void(out << '_');
  }
  for (const SwitchCase &each : i.cases) {
    out << " case " << each.value;
    block(each.target);
  }
  for (BlockId target : i.targets)
    block(target);
  if (i.unwind)
    block(*i.unwind);
}

/// What can only be come to from the block's end is part of it.
void KeyWriter::code(BlockId from) {
  for (;;) {
    const auto &list = function.blocks[from].code;
    const Instruction &last = list.back();
    BlockId next = last.op == Opcode::Jump ? skipJumps(last.targets[0]) : from;
    bool goesOn = next != from && entries[next] == 1;
    for (const Instruction &i : llvm::ArrayRef(list).drop_back(goesOn ? 1 : 0))
      instruction(i);
    if (!goesOn)
      return;
    from = next;
  }
}

std::string KeyWriter::write() {
  if (function.blocks.empty())
    return function.key;
  countEntries();
  block(0);
  for (size_t next = 0; next != work.size(); ++next) {
    out << "\nblock";
    code(work[next]);
  }
  return text;
}

} // namespace

std::string codeKey(const Function &function) { return KeyWriter(function).write(); }

} // namespace sluice::checker::analysis
