// Lets tasks take the steps that no other task could notice, so that they make no states of their
// own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A step is unnoticed if it touches only registers, or only objects that no other task can reach,
// or a field that no other task may still write (or, for a store, read). A loop of such steps
// pauses after a few rounds: every cycle of the state graph then has a state in which all tasks may
// move, which the reduction needs to be sound.
#include "analysis/explore/Canonical.h"
#include "analysis/explore/Execution.h"
#include "analysis/explore/Turns.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
constexpr unsigned RoundsBeforePause = 16;
constexpr unsigned StepsBeforePause = 4000;
/// Ways that part again and again are as many as two to the power of how often they do, and most
/// of them meet soon: as one state, if they stop there.
constexpr unsigned ChoicesBeforeMeeting = 2;
} // namespace

bool Execution::onlyTask() const {
  unsigned alive = 0;
  for (const Task &task : state.tasks)
    alive += !task.ended;
  if (alive > 1)
    return false;
  return llvm::none_of(state.heap, [](const Object &object) { return object.startsTask(); });
}

bool Execution::aloneWith(uint32_t task, Value on) {
  if (!on.refers())
    return true;
  if (reachedFor != task || reachedByOthers.size() != state.heap.size()) {
    reachedFor = task;
    reachedByOthers.assign(state.heap.size(), false);
    if (!onlyTask()) {
      llvm::SmallVector<uint32_t, 8> roots;
      for (uint32_t i = 0; i != state.heap.size(); ++i)
        if (state.heap[i].startsTask())
          roots.push_back(i);
      if (state.globals.is(Value::Kind::Object))
        roots.push_back(state.globals.index());
      markReachable(state, roots, reachedByOthers);
      for (uint32_t other = 0; other != state.tasks.size(); ++other)
        if (other != task && !state.tasks[other].ended)
          markFrom(state, state.tasks[other], reachedByOthers);
    }
  }
  return !reachedByOthers[on.index()];
}

/// The same of what the object belongs to: a canceller's context, a context's parent, a done
/// channel's context. They act on each other though nothing may lead back from them.
bool Execution::aloneWithOwners(uint32_t task, Value on) {
  if (!aloneWith(task, on))
    return false;
  // A timer and its channel name each other.
  for (Value at = on; at.is(Value::Kind::Object) && object(at).kind != ObjectKind::Timer;
       at = object(at).link)
    if (!aloneWith(task, at))
      return false;
  return true;
}

/// Whether another task may still read (`write`: a store asks) or write the field.
bool Execution::othersMay(uint32_t task, unsigned field, bool write) const {
  for (uint32_t other = 0; other != state.tasks.size(); ++other) {
    if (other == task || state.tasks[other].ended)
      continue;
    for (const Frame &frame : state.tasks[other].frames) {
      const Future &future = facts.futureFrom(frame.function, frame.block, frame.index);
      if (future.writes.test(field) || (write && future.reads.test(field)))
        return true;
    }
  }
  return llvm::any_of(state.heap, [](const Object &object) { return object.startsTask(); });
}

bool Execution::isLocal(uint32_t task) {
  const Instruction &instruction = instructionOf(task);
  // What is made until then by others may be what is meant.
  if (operatesOnLost(task) || callsLost(task))
    return onlyTask();
  if (watchesContext(task) && !aloneWithOwners(task, taskAt(task).context))
    return false;
  switch (instruction.op) {
  case Opcode::Branch:
  case Opcode::Switch:
    return opaqueTargets(task).empty();
  case Opcode::Load:
  case Opcode::Store: {
    Value base = read(task, instruction.args[0]);
    return aloneWith(task, base) ||
           !othersMay(task, instruction.callee, instruction.op == Opcode::Store);
  }
  case Opcode::LoadPlace: {
    Value place = read(task, instruction.args[0]);
    if (aloneWith(task, place) || !place.is(Value::Kind::Place))
      return true;
    bool isField = state.heap[place.index()].kind == ObjectKind::Struct;
    return !othersMay(task, isField ? unsigned(place.extra()) : facts.elements(), false);
  }
  case Opcode::StorePlace:
  case Opcode::AtomicAdd:
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
    return aloneWith(task, read(task, instruction.args[0]));
  case Opcode::Yield:
    return !(instruction.flags & Idle) && !sharesThread(state, task);
  case Opcode::Sleep:
    return !sharesThread(state, task);
  case Opcode::Spawn: // those that have not begun have an order
    return !(instruction.flags & Fiber) || hasTurn(state, task);
  case Opcode::Make:
  case Opcode::TimerChannel:
  case Opcode::ContextDone:
  case Opcode::Detach:
  case Opcode::EndTask:
    return true;
  default:
    break;
  }
  bool container = instruction.op >= Opcode::NewSequence && instruction.op <= Opcode::MapErase;
  bool communicates = instruction.op >= Opcode::Send && instruction.op <= Opcode::Cancel;
  if (!container && !communicates)
    return true;
  bool reads = instruction.op == Opcode::ElementAt || instruction.op == Opcode::Size ||
               instruction.op == Opcode::MapFind || instruction.op == Opcode::MapKeyAt ||
               instruction.op == Opcode::MapPosition;
  if (reads && !othersMay(task, facts.elements(), false))
    return true;
  // That a task has not ended yet is seen by asking, not by waiting.
  if (instruction.op == Opcode::Join && (instruction.flags & (Try | Timed)))
    return false;
  return llvm::all_of(operatesOn(task), [&](Value on) { return aloneWithOwners(task, on); });
}

/// Whether what others can reach stays the same when the task, alone with what it touches, takes
/// the instruction.
bool Execution::sharesNothing(uint32_t task, const Instruction &instruction) {
  bool stores = instruction.op == Opcode::Store || instruction.op == Opcode::StorePlace ||
                (instruction.op >= Opcode::PushBack && instruction.op <= Opcode::MapErase &&
                 instruction.op != Opcode::NewMap);
  if (stores)
    return aloneWith(task, read(task, instruction.args[0]));
  return instruction.op <= Opcode::EndLocal || instruction.op == Opcode::NewSequence ||
         instruction.op == Opcode::NewMap || instruction.op == Opcode::Call ||
         instruction.op == Opcode::CallSlot ||
         (instruction.op >= Opcode::Jump && instruction.op <= Opcode::Return);
}

/// Whether other ways than the one that led to the place may have led there too, and so many
/// choices were made that it pays to see. A client's choices are what it does, and kept apart.
bool Execution::mayMeet(uint32_t task) const {
  if (choices.made() < ChoicesBeforeMeeting || state.tasks[task].top().index != 0 ||
      notes.limits.client)
    return false;
  const Opcode op = instructionOf(task).op;
  return op < Opcode::Make || op >= Opcode::Jump; // what communicates may have to wait
}

void Execution::runLocally(uint32_t task) {
  reachedFor = EndedTask;
  backEdges = 0;
  for (unsigned steps = 0; !processEnded && !taskAt(task).ended; ++steps) {
    if (backEdges >= RoundsBeforePause || steps == StepsBeforePause) {
      taskAt(task).flags |= Task::Paused;
      break;
    }
    if (!isLocal(task)) {
      if (backEdges && !opaqueTargets(task).empty())
        taskAt(task).flags |= Task::Paused;
      break;
    }
    if (steps != 0 && mayMeet(task)) {
      taskAt(task).flags |= backEdges ? Task::Midway | Task::Paused : Task::Midway;
      break;
    }
    notes.spend(1);
    if (notes.gaveUp) {
      endProcess();
      break;
    }
    const Instruction &instruction = instructionOf(task);
    size_t objects = state.heap.size();
    bool keeps = sharesNothing(task, instruction);
    Outcome outcome = dispatch(task, instruction);
    // A free value that turns out to be an object is one for all who have it.
    bool adds = state.heap.size() != objects;
    bool isNew = instruction.op == Opcode::New || instruction.op == Opcode::NewSequence ||
                 instruction.op == Opcode::NewMap;
    if (!keeps || substituted || (adds && !isNew))
      reachedFor = EndedTask;
    else if (adds && reachedFor == task)
      reachedByOthers.resize(state.heap.size());
    if (outcome == Outcome::Blocked)
      break;
  }
  taskAt(task).running = false;
  clearDead(facts, taskAt(task));
}

void Execution::settle() {
  for (bool again = true; again && !processEnded;) {
    again = false;
    for (uint32_t task = 0; task != state.tasks.size(); ++task)
      if (state.tasks[task].running && !state.tasks[task].ended) {
        runLocally(task);
        again = true;
      } else {
        state.tasks[task].running = false;
      }
  }
}

} // namespace sluice::checker::analysis
