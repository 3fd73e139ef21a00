// Executes instructions: locks and conditions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

namespace sluice::checker::analysis {
using namespace skeleton;

/// Whether the lock can be taken now. A writer that waits keeps new readers out.
bool Execution::mayLock(uint32_t task, Value on, bool shared) const {
  const Object &it = state.heap[on.index()];
  if (it.kind == ObjectKind::Mutex)
    return it.holders.empty() || (it.second && it.holders[0] == task);
  if (it.kind != ObjectKind::SharedMutex)
    return true;
  if (!shared)
    return it.holders.empty();
  if (it.second)
    return false;
  for (uint32_t other = 0; other != state.tasks.size(); ++other) {
    const Task &each = state.tasks[other];
    if (other != task && !each.ended && each.phase == Task::Phase::Queued &&
        read(other, instructionOf(other).args[0]) == on)
      return false;
  }
  return true;
}

void Execution::takeLock(uint32_t task, Value on, bool shared) {
  Object &it = object(on);
  it.holders.push_back(task);
  if (it.kind == ObjectKind::SharedMutex)
    it.second = !shared;
  if (Event *event = note(Step::Kind::Lock, task, {on}))
    event->step.detail = instructionOf(task).name;
}

/// False if the task does not hold it. The lock is free then all the same.
void Execution::dropLock(uint32_t task, Value on) {
  Object &it = object(on);
  if (it.holders.empty())
    return;
  auto mine = llvm::find(it.holders, task);
  it.holders.erase(mine != it.holders.end() ? mine : it.holders.begin());
  if (it.kind == ObjectKind::SharedMutex)
    it.second = 0;
  note(Step::Kind::Unlock, task, {on});
}

/// What a task holds as it ends stays locked: nobody else may unlock it. The entry's thread goes on
/// after the scope, and may do so for what is global.
void Execution::endHolding(uint32_t task) {
  std::vector<bool> global(state.heap.size());
  if ((taskAt(task).flags & Task::Entry) && state.globals.is(Value::Kind::Object)) {
    llvm::SmallVector<uint32_t> roots = {state.globals.index()};
    markReachable(state, roots, global);
  }
  const Frame &last = taskAt(task).top();
  for (uint32_t i = 0; i != state.heap.size(); ++i) {
    const Object &it = state.heap[i];
    bool lock = it.kind == ObjectKind::Mutex || it.kind == ObjectKind::SharedMutex;
    if (!lock || !it.site || global[i] || !llvm::is_contained(it.holders, task))
      continue;
    if (it.flags & Object::Lost)
      notes.lost.insert(it.site);
    else if (!it.escaped())
      misuses.push_back({task, {last.function, last.block, last.index}, it.site, Defect::KeptLock});
  }
}

Outcome Execution::lock(uint32_t task, const Instruction &instruction, Value on) {
  bool shared = instruction.flags & skeleton::Shared;
  bool wasQueued = taskAt(task).phase == Task::Phase::Queued;
  if (mayLock(task, on, shared)) {
    // A lock from outside may be held there for a while.
    if (instruction.flags & Try && object(on).escaped() && choices.choose(2) == 1)
      return notNow(task, instruction);
    takeLock(task, on, shared);
    return happened(task, instruction);
  }
  if (instruction.flags & (Try | Timed))
    return notNow(task, instruction);
  if (object(on).kind == ObjectKind::SharedMutex && !shared && !wasQueued)
    taskAt(task).phase = Task::Phase::Queued;
  return Outcome::Blocked;
}

Outcome Execution::unlock(uint32_t task, Value on) {
  if (object(on).escaped() || object(on).flags & Object::Lost ||
      llvm::is_contained(object(on).holders, task)) {
    dropLock(task, on);
    return done(task);
  }
  // Undefined from here on: what follows would be told of as a defect of its own.
  misuse(task, on);
  return endProcess();
}

Outcome Execution::wait(uint32_t task, const Instruction &instruction) {
  Value on = evaluate(task, instruction.args[0]);
  Value mutex = evaluate(task, instruction.args[1]);
  if (on.is(Value::Kind::Null))
    return endProcess();
  bool shared = instruction.flags & skeleton::Shared;
  bool locks = mutex.is(Value::Kind::Object);
  Task &waiting = taskAt(task);
  if (waiting.phase == Task::Phase::Ready) {
    if (isOutside(on) && !locks)
      return outside(task, instruction);
    if (locks)
      dropLock(task, mutex);
    note(Step::Kind::Wait, task, {on});
    waiting.phase = Task::Phase::Waiting;
    return Outcome::Done;
  }
  if (waiting.phase == Task::Phase::Waiting) {
    hasRested = true;
    if (isOutside(on))
      waiting.phase = Task::Phase::Notified;
    else if (instruction.flags & Timed)
      waiting.phase = Task::Phase::GaveUp;
    else
      return Outcome::Blocked;
    return Outcome::Done;
  }
  if (locks && !mayLock(task, mutex, shared))
    return Outcome::Blocked;
  bool gaveUp = waiting.phase == Task::Phase::GaveUp;
  if (locks)
    takeLock(task, mutex, shared);
  if (instruction.flags & Timed)
    return doneWith(task, instruction, {Value::integer(!gaveUp)});
  return done(task);
}

Outcome Execution::notify(uint32_t task, const Instruction &instruction, Value on) {
  llvm::SmallVector<uint32_t, 4> waiters;
  for (uint32_t other = 0; other != state.tasks.size(); ++other) {
    const Task &each = state.tasks[other];
    if (!each.ended && each.phase == Task::Phase::Waiting &&
        read(other, instructionOf(other).args[0]) == on)
      waiters.push_back(other);
  }
  note(Step::Kind::Notify, task, {on});
  if (!(instruction.flags & skeleton::All) && waiters.size() > 1)
    waiters = {waiters[choices.choose(unsigned(waiters.size()))]};
  for (uint32_t each : waiters) {
    taskAt(each).phase = Task::Phase::Notified;
    taskAt(each).moved = taskAt(each).running = true;
  }
  return done(task);
}

} // namespace sluice::checker::analysis
