// An object that leads to objects of other classes is for something else than being a lock.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/OwnLocks.h"

#include "skeleton/Outline.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// The class of the user's that a field belongs to, if it does to any.
llvm::StringRef classOf(llvm::StringRef field) {
  return field.contains("::") ? ownerOf(field, false) : "";
}

/// The classes with a field that leads to an object of another class.
std::set<llvm::StringRef> leadingClasses(const Program &program) {
  std::set<llvm::StringRef> leading;
  for (const Function &function : program.functions) {
    std::map<Register, llvm::StringRef> from;
    auto uses = [&](const Instruction &instruction) {
      if (!namesField(instruction) || instruction.args[0].kind != Operand::Kind::Register)
        return;
      llvm::StringRef owner = classOf(program.fields[instruction.callee]);
      auto base = from.find(instruction.args[0].index);
      if (base != from.end() && !owner.empty() && owner != base->second)
        leading.insert(base->second);
      std::optional<Register> result = instruction.result();
      if (instruction.op == Opcode::Load && result && !owner.empty())
        from[*result] = owner;
    };
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code)
        uses(instruction);
  }
  return leading;
}

/// As a field's name begins.
llvm::StringRef nameOf(const Class &klass) {
  llvm::StringRef name = klass.display;
  name.consume_front("struct ");
  return name;
}

} // namespace

/// A class of locks that are somebody's is told by who keeps them: in more than one field.
OwnLocks::OwnLocks(const Program &program, const FieldFlow &flow) {
  std::set<llvm::StringRef> owners = leadingClasses(program);
  for (uint32_t c = 0; c != program.classes.size(); ++c)
    if (flow.homesOf(c) > 1)
      owners.erase(nameOf(program.classes[c]));
  for (uint32_t field = 0; field != program.fields.size(); ++field)
    if (owners.count(classOf(program.fields[field])))
      fields.insert(field);
}

} // namespace sluice::checker::analysis
