// What an operation means whose primitive the skeleton lost: it may be on any live one of its kind.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {

bool isLost(Value value) { return value.is(Value::Kind::Opaque) || value.is(Value::Kind::Dead); }

bool isLock(ObjectKind kind) {
  return kind == ObjectKind::Mutex || kind == ObjectKind::SharedMutex;
}

/// Asking for a channel or for an error changes nothing.
bool concerns(Opcode op, ObjectKind kind) {
  switch (op) {
  case Opcode::Send:
  case Opcode::Receive:
  case Opcode::Close:
  case Opcode::Select:
    return kind == ObjectKind::Channel;
  case Opcode::Lock:
  case Opcode::Unlock:
    return isLock(kind);
  case Opcode::Wait:
  case Opcode::Notify:
    return kind == ObjectKind::Condition;
  case Opcode::CounterAdd:
  case Opcode::CounterWait:
    return kind == ObjectKind::Counter;
  case Opcode::Acquire:
  case Opcode::Release:
    return kind == ObjectKind::Semaphore;
  case Opcode::Reset:
    return kind == ObjectKind::Semaphore || kind == ObjectKind::Mutex || kind == ObjectKind::Once;
  case Opcode::SetEvent:
  case Opcode::WaitEvent:
    return kind == ObjectKind::Event || kind == ObjectKind::Semaphore;
  case Opcode::Join:
  case Opcode::Detach:
    return kind == ObjectKind::Handle;
  case Opcode::OnceBegin:
  case Opcode::OnceEnd:
    return kind == ObjectKind::Once;
  case Opcode::TimerStart:
  case Opcode::TimerStop:
    return kind == ObjectKind::Timer;
  case Opcode::Cancel:
    return kind == ObjectKind::Context || kind == ObjectKind::Canceller;
  default:
    return false;
  }
}

bool mayWait(const Instruction &instruction) {
  if (instruction.flags & (Try | Timed | Otherwise))
    return false;
  switch (instruction.op) {
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
    return true;
  default:
    return false;
  }
}

} // namespace

bool Execution::operatesOnLost(uint32_t task) const {
  Opcode op = instructionOf(task).op;
  return op >= Opcode::Send && op <= Opcode::Cancel && op != Opcode::EndTask &&
         llvm::any_of(operatesOn(task), isLost);
}

/// A lock stays one, since what is lost is unlocked by whom it was locked; but what the task holds
/// may be what it unlocks here. All else may be changed at any time from now on.
void Execution::mayBe(uint32_t task, uint32_t object, Opcode op) {
  touched = true;
  notes.lost.insert(state.heap[object].site);
  if (!isLock(state.heap[object].kind))
    escape(Value::object(object));
  bool held = llvm::is_contained(state.heap[object].holders, task);
  state.heap[object].flags |= Object::Escaped;
  if (!isLock(state.heap[object].kind) || (held && op == Opcode::Unlock))
    state.heap[object].flags |= Object::Lost;
}

/// The task may wait here for ever; nothing is known then of what it still reaches.
void Execution::doubtAhead(uint32_t task) {
  notes.lostWait = true;
  std::vector<bool> marked(state.heap.size());
  markFrom(state, state.tasks[task], marked);
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    if (marked[i])
      notes.lost.insert(state.heap[i].site);
}

void Execution::operateOnLost(uint32_t task) {
  if (!operatesOnLost(task))
    return;
  const Instruction &instruction = instructionOf(task);
  bool takesLock = instruction.op == Opcode::Wait && isLost(read(task, instruction.args[1]));
  bool onlyLock = takesLock && !isLost(read(task, instruction.args[0]));
  for (uint32_t i = 0; i != state.heap.size(); ++i) {
    const Object &each = state.heap[i];
    // Nobody but its context closes a done channel, and a receive takes nothing from it.
    bool ofContext = each.kind == ObjectKind::Channel && each.link.is(Value::Kind::Object) &&
                     state.heap[each.link.index()].kind == ObjectKind::Context;
    if (each.flags & Object::External || ofContext)
      continue;
    if (!onlyLock && concerns(instruction.op, each.kind))
      mayBe(task, i, instruction.op);
    if (takesLock && isLock(each.kind))
      mayBe(task, i, Opcode::Unlock);
  }
  if (mayWait(instruction))
    doubtAhead(task);
}

bool Execution::callsLost(uint32_t task) const {
  const Instruction &instruction = instructionOf(task);
  bool calls = instruction.op == Opcode::CallSlot || instruction.op == Opcode::Spawn;
  return calls && isLost(read(task, instruction.args[0]));
}

/// A lost callable may be any live one that has the slot.
void Execution::callLost(const Instruction &instruction, const std::string &why) {
  for (uint32_t i = 0; i != state.heap.size(); ++i) {
    const Object &each = state.heap[i];
    if (each.kind != ObjectKind::Struct || each.first < 0)
      continue;
    for (const auto &[slot, target] : program.classes[uint32_t(each.first)].slots)
      if (instruction.op == Opcode::Spawn ? program.fields[slot] == "()"
                                          : slot == instruction.callee) {
        escapeTo(Value::object(i), why);
        break;
      }
  }
}

} // namespace sluice::checker::analysis
