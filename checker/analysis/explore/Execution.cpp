// Executes instructions: moving a task on, and ending it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

#include "analysis/explore/Turns.h"
#include "skeleton/Syntax.h"

namespace sluice::checker::analysis {
using namespace skeleton;

const Instruction &Execution::instructionOf(uint32_t task) const {
  const Frame &frame = state.tasks[task].top();
  return program.functions[frame.function].blocks[frame.block].code[frame.index];
}

Event *Execution::note(Step::Kind kind, uint32_t task, std::initializer_list<Value> on) {
  if (!events)
    return nullptr;
  Event event{};
  event.step.kind = kind;
  event.step.task = task;
  if (!state.tasks[task].frames.empty()) {
    event.step.function = state.tasks[task].top().function;
    event.step.at = instructionOf(task).at;
  }
  for (Value value : on)
    if (value.is(Value::Kind::Object)) {
      const Object &object = state.heap[value.index()];
      bool belongs = object.kind == ObjectKind::Channel && object.link.is(Value::Kind::Object);
      event.sites.push_back(belongs ? state.heap[object.link.index()].site : object.site);
    }
  events->push_back(std::move(event));
  return &events->back();
}

void Execution::advance(uint32_t task) {
  Task &moved = taskAt(task);
  ++moved.top().index;
  moved.phase = Task::Phase::Ready;
}

Outcome Execution::done(uint32_t task) {
  advance(task);
  return Outcome::Done;
}

void Execution::write(uint32_t task, const std::optional<Register> &to, Value value) {
  if (to)
    taskAt(task).top().registers[*to] = value;
}

Outcome Execution::doneWith(uint32_t task, const Instruction &instruction,
                            std::initializer_list<Value> results) {
  size_t i = 0;
  for (Value value : results)
    if (i < instruction.results.size())
      write(task, instruction.results[i++], value);
  return done(task);
}

void Execution::jump(uint32_t task, uint32_t block) {
  Frame &frame = taskAt(task).top();
  if (block <= frame.block)
    ++backEdges;
  if ((taskAt(task).flags & Task::Fiber) && hasTurn(state, task) &&
      facts.fibers.goesBack(frame.function, frame.block, block))
    taskAt(task).flags |= Task::Looped;
  frame.block = block;
  frame.index = 0;
}

void Execution::goTo(uint32_t task, uint32_t block) {
  taskAt(task).moved = taskAt(task).running = true;
  taskAt(task).flags &= uint8_t(~(Task::Paused | Task::Midway));
  if (Event *event = note(Step::Kind::Branch, task)) {
    const Instruction &instruction = instructionOf(task);
    bool first = !instruction.targets.empty() && instruction.targets[0] == block;
    event->step.detail = instruction.op == Opcode::Branch ? (first ? "true" : "false") : "a case";
  }
  jump(task, block);
}

Outcome Execution::endProcess() {
  processEnded = true;
  for (Task &task : state.tasks)
    task.ended = true;
  for (Object &object : state.heap)
    if (object.kind == ObjectKind::Timer)
      object.first = 0;
  return Outcome::Done;
}

Outcome Execution::beyond(const char *limit) {
  if (!notes.limits.client) {
    notes.gaveUp = NoVerdict::Unsupported;
    notes.detail = limit;
  }
  return endProcess();
}

/// Whether the task stands in the code of a client, and not in that of the class.
bool Execution::inClient(uint32_t task) const {
  if (!notes.limits.client || state.tasks[task].frames.size() != 1)
    return false;
  uint32_t function = state.tasks[task].top().function;
  return function == notes.limits.client->function || function == notes.limits.client->other;
}

void Execution::endTask(uint32_t task) {
  note(Step::Kind::End, task);
  endHolding(task);
  taskAt(task).ended = taskAt(task).moved = true;
  taskAt(task).frames.clear();
  for (Object &object : state.heap)
    if (object.kind == ObjectKind::Handle && !object.holders.empty() && object.holders[0] == task) {
      object.first = 1;
      object.holders.clear();
    } else if (object.kind == ObjectKind::Thread) {
      auto begun = std::remove(object.holders.begin() + 1, object.holders.end(), task);
      object.holders.erase(begun, object.holders.end());
    }
}

void Execution::takeTurn(uint32_t task) {
  passTurn(state, task);
  touched = true;
}

Outcome Execution::execute(uint32_t task) {
  Task &moved = taskAt(task);
  touched |= moved.flags & (Task::Paused | Task::Midway);
  moved.flags &= uint8_t(~(Task::Paused | Task::Midway));
  const Instruction &instruction = instructionOf(task);
  Outcome outcome = dispatch(task, instruction);
  if (outcome == Outcome::Done && !processEnded) {
    taskAt(task).moved = taskAt(task).running = true;
    taskAt(task).flags &= uint8_t(~Task::Parked);
  }
  return outcome;
}

Outcome Execution::dispatch(uint32_t task, const Instruction &instruction) {
  Outcome outcome = act(task, instruction);
  return leftRange ? endProcess() : outcome;
}

Outcome Execution::act(uint32_t task, const Instruction &instruction) {
  Opcode op = instruction.op;
  if (op <= Opcode::AtomicCompareExchange)
    return executeData(task, instruction);
  if (op <= Opcode::Clear)
    return executeSequence(task, instruction);
  if (op <= Opcode::MapErase)
    return executeMap(task, instruction);
  if (op <= Opcode::Escape)
    return executeCall(task, instruction);
  if (op <= Opcode::Sleep)
    return executePrimitive(task, instruction);
  switch (op) {
  case Opcode::Jump:
    jump(task, instruction.targets[0]);
    return Outcome::Done;
  case Opcode::Branch: {
    std::optional<bool> taken = truth(task, instruction.args[0]);
    jump(task, instruction.targets[taken && !*taken ? 1 : 0]);
    return Outcome::Done;
  }
  case Opcode::Switch: {
    Value value = evaluate(task, instruction.args[0]);
    for (const SwitchCase &each : instruction.cases) {
      bool fits =
          value.is(Value::Kind::Free)
              ? decideEqual(task, instruction.args[0], value, facts.scaled(each.value))
              : value.is(Value::Kind::Integer) && value.number() == facts.scaled(each.value);
      if (fits) {
        jump(task, each.target);
        return Outcome::Done;
      }
    }
    if (instruction.targets.empty())
      return endProcess();
    jump(task, instruction.targets[0]);
    return Outcome::Done;
  }
  case Opcode::Return: {
    std::optional<Value> result;
    if (!instruction.args.empty())
      result = evaluate(task, instruction.args[0]);
    return leave(task, result);
  }
  case Opcode::Throw:
    return raise(task);
  default:
    return endProcess();
  }
}

llvm::SmallVector<uint32_t, 4> Execution::opaqueTargets(uint32_t task) const {
  const Instruction &instruction = instructionOf(task);
  llvm::SmallVector<uint32_t, 4> targets;
  bool chooses = instruction.op == Opcode::Branch || instruction.op == Opcode::Switch;
  if (!chooses || instruction.args[0].kind == Operand::Kind::Free)
    return targets;
  Value value = read(task, instruction.args[0]);
  if (!value.is(Value::Kind::Opaque) && !value.is(Value::Kind::Dead))
    return targets;
  targets.append(instruction.targets.begin(), instruction.targets.end());
  for (const SwitchCase &each : instruction.cases)
    targets.push_back(each.target);
  llvm::sort(targets);
  targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
  return targets;
}

} // namespace sluice::checker::analysis
