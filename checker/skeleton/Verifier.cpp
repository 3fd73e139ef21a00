// Checks that a skeleton is well formed.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Verifier.h"

#include "skeleton/Syntax.h"

#include "llvm/ADT/Twine.h"

namespace sluice::checker::skeleton {
namespace {

class Verifier {
public:
  explicit Verifier(const Program &program) : program(program) {}
  std::vector<std::string> run();

private:
  void complain(const llvm::Twine &what);
  void check(const Class &klass);
  void check(const Function &function);
  void check(const Block &block);
  void check(const Instruction &instruction);
  void check(const Operand &operand);
  void checkResults(const Instruction &instruction);
  void checkOperandCount(const Instruction &instruction);
  void checkCallee(const Instruction &instruction);
  void checkTargets(const Instruction &instruction);
  void checkRegister(std::optional<Register> r);
  void checkBlock(BlockId id);

  const Program &program;
  const Function *function = nullptr;
  std::string where;
  std::vector<std::string> complaints;
};

void Verifier::complain(const llvm::Twine &what) {
  complaints.push_back((llvm::Twine(where) + what).str());
}

void Verifier::checkRegister(std::optional<Register> r) {
  if (r && *r >= function->registers.size())
    complain("no such register %" + llvm::Twine(*r));
}

void Verifier::checkBlock(BlockId id) {
  if (id >= function->blocks.size())
    complain("no such block b" + llvm::Twine(id));
}

void Verifier::check(const Operand &operand) {
  if (operand.kind == Operand::Kind::None)
    complain("an operand is missing");
  if (operand.kind == Operand::Kind::Register)
    checkRegister(operand.index);
  if (operand.kind == Operand::Kind::Function && operand.index >= program.functions.size())
    complain("no such function f " + llvm::Twine(operand.index));
  if (operand.kind == Operand::Kind::Text && operand.index >= program.texts.size())
    complain("no such text " + llvm::Twine(operand.index));
}

void Verifier::checkResults(const Instruction &instruction) {
  const OpcodeSyntax &syntax = syntaxOf(instruction.op);
  uint32_t failing = instruction.op == Opcode::Send ? MayGiveUp | Quiet : MayGiveUp;
  bool gives = instruction.op == Opcode::Select || instruction.op == Opcode::Spawn;
  bool mayFail = instruction.flags & failing && !gives;
  size_t most = syntax.results + (mayFail ? 1 : 0);
  if (instruction.results.size() > most)
    complain("'" + llvm::Twine(syntax.word) + "' has at most " + llvm::Twine(most) +
             " results, not " + llvm::Twine(instruction.results.size()));
  for (std::optional<Register> r : instruction.results)
    checkRegister(r);
}

void Verifier::checkOperandCount(const Instruction &instruction) {
  const OpcodeSyntax &syntax = syntaxOf(instruction.op);
  llvm::StringRef shape = syntax.shape;
  size_t count = instruction.args.size();
  size_t fewest = shape.count('a') + shape.count('W'), most = fewest;
  if (shape.contains('('))
    most = SIZE_MAX;
  if (shape.contains('?') || instruction.op == Opcode::AddressOf)
    ++most;
  if (instruction.op == Opcode::Make) {
    fewest = syntaxOf(instruction.primitive).fewest;
    most = syntaxOf(instruction.primitive).most;
  }
  if (count < fewest || count > most)
    complain("'" + llvm::Twine(syntax.word) + "' does not take " + llvm::Twine(count) +
             " operands");
}

void Verifier::checkCallee(const Instruction &instruction) {
  llvm::StringRef shape = syntaxOf(instruction.op).shape;
  bool isPlace = instruction.op == Opcode::AddressOf && instruction.args.size() == 2;
  if (shape.contains('C') && instruction.callee >= program.classes.size())
    complain("no such class " + llvm::Twine(instruction.callee));
  if (shape.contains('.') && !isPlace && instruction.callee >= program.fields.size())
    complain("no such field " + llvm::Twine(instruction.callee));
  if (!shape.contains('F'))
    return;
  if (instruction.callee >= program.functions.size())
    return complain("no such function f " + llvm::Twine(instruction.callee));
  const Function &callee = program.functions[instruction.callee];
  // What is only declared may take more than it has names for: variable arguments.
  bool fits = callee.blocks.empty() ? instruction.args.size() >= callee.parameters
                                    : instruction.args.size() == callee.parameters;
  if (!fits)
    complain("'" + llvm::Twine(callee.display) + "' takes " + llvm::Twine(callee.parameters) +
             " operands, not " + llvm::Twine(instruction.args.size()));
}

void Verifier::checkTargets(const Instruction &instruction) {
  size_t wanted = llvm::StringRef(syntaxOf(instruction.op).shape).count('b');
  if (instruction.op == Opcode::Switch ? instruction.targets.size() > 1
                                       : instruction.targets.size() != wanted)
    complain("wrong number of blocks to go to");
  for (BlockId id : instruction.targets)
    checkBlock(id);
  for (const SwitchCase &each : instruction.cases)
    checkBlock(each.target);
  if (instruction.unwind)
    checkBlock(*instruction.unwind);
}

void Verifier::check(const Instruction &instruction) {
  checkResults(instruction);
  checkOperandCount(instruction);
  checkCallee(instruction);
  checkTargets(instruction);
  for (const Operand &operand : instruction.args)
    check(operand);
  for (const SelectArm &arm : instruction.arms) {
    if (arm.kind != SelectArm::Kind::Timeout)
      check(arm.channel);
    if (arm.kind == SelectArm::Kind::Send)
      check(arm.value);
    checkRegister(arm.result);
    checkRegister(arm.ok);
  }
}

void Verifier::check(const Block &block) {
  std::string prefix = where;
  if (block.code.empty())
    return complain("an empty block");
  for (size_t i = 0; i != block.code.size(); ++i) {
    where = prefix + std::to_string(i) + ": ";
    bool isLast = i + 1 == block.code.size();
    if (syntaxOf(block.code[i].op).ends != isLast)
      complain(isLast ? "the block does not end" : "the block goes on after its end");
    check(block.code[i]);
  }
}

void Verifier::check(const Function &checked) {
  function = &checked;
  where = checked.display + ": ";
  if (checked.parameters > checked.registers.size())
    complain("fewer registers than parameters");
  for (size_t i = 0; i != checked.blocks.size(); ++i) {
    where = checked.display + ": b" + std::to_string(i) + ": ";
    check(checked.blocks[i]);
  }
}

void Verifier::check(const Class &klass) {
  for (const auto &[slot, target] : klass.slots)
    if (slot >= program.fields.size() || target >= program.functions.size())
      complain(klass.display + ": a slot without a name or function");
  std::vector<FunctionId> all = klass.methods;
  if (klass.interface) {
    all.insert(all.end(), klass.interface->constructors.begin(),
               klass.interface->constructors.end());
    all.insert(all.end(), klass.interface->methods.begin(), klass.interface->methods.end());
    all.push_back(klass.interface->destructor);
  }
  for (FunctionId each : all)
    if (each >= program.functions.size() || program.functions[each].parameters == 0)
      complain(klass.display + ": a method that does not take the object");
}

std::vector<std::string> Verifier::run() {
  for (const Function &each : program.functions)
    check(each);
  where.clear();
  for (const Class &klass : program.classes)
    check(klass);
  if (program.globalInit && *program.globalInit >= program.functions.size())
    complain("no such function f " + llvm::Twine(*program.globalInit));
  return std::move(complaints);
}

} // namespace

std::vector<std::string> verify(const Program &program) { return Verifier(program).run(); }

} // namespace sluice::checker::skeleton
