// Verdicts that one function's skeleton gives by itself, without exploring.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/local/Local.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// Waiting for another task, or for time: afterwards an order between tasks may be given.
bool isWait(Opcode op) {
  switch (op) {
  case Opcode::Send:
  case Opcode::Receive:
  case Opcode::Select:
  case Opcode::Lock:
  case Opcode::Wait:
  case Opcode::CounterWait:
  case Opcode::Acquire:
  case Opcode::WaitEvent:
  case Opcode::Join:
  case Opcode::OnceBegin:
  case Opcode::Yield:
  case Opcode::Sleep:
    return true;
  default:
    return false;
  }
}

bool leavesSight(const Program &program, const Instruction &instruction) {
  return instruction.op == Opcode::CallUnknown || instruction.op == Opcode::Suspend ||
         (instruction.op == Opcode::Call && program.functions[instruction.callee].blocks.empty());
}

bool isCommunication(Opcode op) {
  return op >= Opcode::Send && op <= Opcode::Cancel && op != Opcode::Detach &&
         op != Opcode::EndTask;
}

} // namespace

Abilities::Abilities(const Facts &facts)
    : facts(facts), waits(facts.program.functions.size()),
      communicates(facts.program.functions.size()) {
  const Program &program = facts.program;
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t f = 0; f != program.functions.size(); ++f)
      for (const Block &block : program.functions[f].blocks)
        for (const Instruction &instruction : block.code) {
          bool calls = instruction.op == Opcode::Call || instruction.op == Opcode::CallSlot;
          bool outside = leavesSight(program, instruction);
          bool waitsNow = mayWait(f, instruction);
          bool works = isCommunication(instruction.op) || outside;
          if (calls || instruction.op == Opcode::Spawn)
            for (uint32_t callee : facts.callees(f, instruction))
              works |= communicates[callee];
          changed |= (waitsNow && !waits[f]) || (works && !communicates[f]);
          waits[f] = waits[f] || waitsNow;
          communicates[f] = communicates[f] || works;
        }
  }
}

bool Abilities::mayWait(uint32_t function, const Instruction &instruction) const {
  if (isWait(instruction.op) || leavesSight(facts.program, instruction))
    return true;
  if (instruction.op != Opcode::Call && instruction.op != Opcode::CallSlot)
    return false;
  std::vector<uint32_t> targets = facts.callees(function, instruction);
  return targets.empty() ||
         llvm::any_of(targets, [&](uint32_t callee) { return bool(waits[callee]); });
}

const Function *startedBy(const Program &program, const Function &function,
                          const Instruction &spawn) {
  const Operand &callable = spawn.args[0];
  if (callable.kind == Operand::Kind::Function)
    return &program.functions[callable.index];
  const Function *found = nullptr;
  if (callable.kind != Operand::Kind::Register)
    return nullptr;
  for (const Block &block : function.blocks)
    for (const Instruction &instruction : block.code) {
      if (instruction.op != Opcode::New || instruction.result() != callable.index)
        continue;
      for (const auto &[slot, target] : program.classes[instruction.callee].slots)
        if (program.fields[slot] == "()")
          found = &program.functions[target];
    }
  return found;
}

Verdict aboutStart(const Program &program, InstructionRef start, Defect defect) {
  const Function &function = program.functions[start.function];
  const Instruction &spawn = function.blocks[start.block].code[start.index];
  Verdict verdict{};
  verdict.defect = defect;
  verdict.site = start;
  verdict.at = spawn.at;
  verdict.scope = start.function;
  TaskRef starter, started;
  starter.display = function.display;
  const Function *code = startedBy(program, function, spawn);
  started.display = !spawn.name.empty() ? spawn.name : code ? code->display : "the task";
  started.startedAt = spawn.at;
  verdict.tasks = {starter, started};
  verdict.culprit = 1;
  Step step{};
  step.kind = Step::Kind::Start;
  step.function = start.function;
  step.at = spawn.at;
  verdict.witness.push_back(step);
  return verdict;
}

void judgeLocally(const Program &program, std::vector<Verdict> &verdicts) {
  Facts facts(program);
  Abilities able(facts);
  for (uint32_t f = 0; f != program.functions.size(); ++f) {
    findOutlived(facts, able, f, verdicts);
    findUntracked(facts, able, f, verdicts);
  }
}

} // namespace sluice::checker::analysis
