// Finds tasks that nothing can wait for, and functions that only return the channel of one result.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/local/Local.h"
#include "analysis/slice/ControlDependence.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

template <typename Visit> void eachInstruction(const Function &function, Visit visit) {
  for (uint32_t b = 0; b != function.blocks.size(); ++b)
    for (uint32_t i = 0; i != function.blocks[b].code.size(); ++i)
      visit(b, i, function.blocks[b].code[i]);
}

bool isUsed(const Function &function, std::optional<Register> r) {
  bool used = false;
  eachInstruction(function, [&](uint32_t, uint32_t, const Instruction &instruction) {
    for (const Operand &operand : instruction.args)
      used |= r && operand == Operand::reg(*r) && instruction.op != Opcode::EndTask;
  });
  return used;
}

/// Waiting that could be for tasks started here, or that bounds them.
bool waitsForTasks(const Function &function) {
  bool waits = false;
  eachInstruction(function, [&](uint32_t, uint32_t, const Instruction &instruction) {
    switch (instruction.op) {
    case Opcode::CounterAdd:
    case Opcode::CounterWait:
    case Opcode::Acquire:
    case Opcode::Join:
    case Opcode::WaitEvent:
    case Opcode::Receive:
    case Opcode::Select:
    case Opcode::Wait:
      waits = true;
      return;
    default:
      return;
    }
  });
  return waits;
}

void findTasks(const Facts &facts, const Abilities &able, uint32_t f,
               std::vector<Verdict> &verdicts) {
  const Function &function = facts.program.functions[f];
  std::optional<ControlDependence> control;
  eachInstruction(function, [&](uint32_t b, uint32_t i, const Instruction &spawn) {
    if (spawn.op != Opcode::Spawn || (spawn.flags & (Daemon | Thread)) ||
        isUsed(function, spawn.result()))
      return;
    std::vector<uint32_t> started = facts.callees(f, spawn);
    if (!started.empty() &&
        llvm::all_of(started, [&](uint32_t each) { return facts.program.functions[each].daemon; }))
      return;
    bool mute = !started.empty() &&
                llvm::none_of(started, [&](uint32_t each) { return able.mayCommunicate(each); });
    if (!control)
      control.emplace(function);
    bool unbounded = control->inLoop(b) && !waitsForTasks(function);
    if (mute || unbounded) {
      verdicts.push_back(aboutStart(facts.program, {f, b, i}, Defect::UntrackedTask));
      verdicts.back().subject = control->inLoop(b) ? "in a loop" : "";
    }
  });
}

/// The one task of a function that otherwise only makes a channel and returns it.
std::optional<InstructionRef> onlyTask(const Function &function, uint32_t f) {
  std::optional<InstructionRef> start;
  std::set<Register> channels; // the one that is made, and its copies
  bool returned = false, other = false;
  eachInstruction(function, [&](uint32_t b, uint32_t i, const Instruction &instruction) {
    if (instruction.op == Opcode::Make && instruction.primitive == PrimitiveKind::Channel) {
      other |= !channels.empty();
      channels.insert(*instruction.result());
    } else if (instruction.op == Opcode::Copy) {
      bool copies = instruction.args[0].kind == Operand::Kind::Register &&
                    channels.count(instruction.args[0].index);
      if (copies && instruction.result())
        channels.insert(*instruction.result());
    } else if (instruction.op == Opcode::Spawn) {
      other |= start.has_value() || instruction.flags != 0;
      start = InstructionRef{f, b, i};
    } else if (instruction.op >= Opcode::Call && instruction.op <= Opcode::Cancel) {
      other = true;
    } else if (instruction.op == Opcode::Return) {
      bool same = instruction.args.size() == 1 &&
                  instruction.args[0].kind == Operand::Kind::Register &&
                  channels.count(instruction.args[0].index);
      returned |= same;
      other |= !same;
    }
  });
  return returned && !other ? start : std::nullopt;
}

bool sendsOnce(const Function &task) {
  ControlDependence control(task);
  unsigned sends = 0;
  bool other = false;
  eachInstruction(task, [&](uint32_t b, uint32_t, const Instruction &instruction) {
    bool sending = instruction.op == Opcode::Send;
    sends += sending ? 1 : 0;
    other |= sending && control.inLoop(b);
    other |= !sending && instruction.op >= Opcode::Make && instruction.op <= Opcode::Cancel &&
             instruction.op != Opcode::Close;
  });
  return sends == 1 && !other;
}

void findOneResult(const Facts &facts, uint32_t f, std::vector<Verdict> &verdicts) {
  const Function &function = facts.program.functions[f];
  std::optional<InstructionRef> start = onlyTask(function, f);
  if (!start)
    return;
  const Instruction &spawn = function.blocks[start->block].code[start->index];
  const Function *task = startedBy(facts.program, function, spawn);
  if (!task || task->blocks.empty() || !sendsOnce(*task))
    return;
  Verdict verdict = aboutStart(facts.program, *start, Defect::OneResult);
  verdict.at = function.at;
  verdict.subject = function.display;
  verdicts.push_back(std::move(verdict));
}

} // namespace

void findUntracked(const Facts &facts, const Abilities &able, uint32_t function,
                   std::vector<Verdict> &verdicts) {
  if (facts.program.functions[function].blocks.empty())
    return;
  findTasks(facts, able, function, verdicts);
  findOneResult(facts, function, verdicts);
}

} // namespace sluice::checker::analysis
