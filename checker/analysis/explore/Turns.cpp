// Tells whose turn it is among fibers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Turns.h"

#include "analysis/explore/Execution.h"

namespace sluice::checker::analysis {
using namespace skeleton;

bool hasTurn(const State &state, uint32_t task) {
  const Task &it = state.tasks[task];
  return !(it.flags & Task::Fiber) || state.heap[it.thread.index()].holders[0] == task;
}

bool sharesThread(const State &state, uint32_t task) {
  const Task &it = state.tasks[task];
  return (it.flags & Task::Fiber) && llvm::any_of(state.tasks, [&](const Task &other) {
           return &other != &it && !other.ended && other.thread == it.thread;
         });
}

void addFiber(State &state, Value thread, uint32_t starter, uint32_t started, bool atOnce) {
  for (uint32_t task : {starter, started}) {
    state.tasks[task].flags |= Task::Fiber;
    state.tasks[task].thread = thread;
  }
  Object &it = state.heap[thread.index()];
  if (it.holders.empty())
    it.holders.push_back(starter);
  if (atOnce)
    it.holders[0] = started;
  else
    it.holders.push_back(started);
}

/// Those that have not begun and come before `to` have begun, and wait.
void passTurn(State &state, uint32_t to) {
  auto &holders = state.heap[state.tasks[to].thread.index()].holders;
  auto mine = std::find(holders.begin(), holders.end(), to);
  bool begins = mine != holders.end();
  auto last = begins ? mine : holders.begin() + 1;
  for (uint32_t task : llvm::make_range(holders.begin(), last))
    if (task < state.tasks.size())
      state.tasks[task].flags |= Task::Parked;
  holders.erase(holders.begin(), last);
  if (!begins)
    holders.insert(holders.begin(), to);
  state.tasks[to].flags &= uint8_t(~(Task::Parked | Task::Looped));
}

Turns::Turns(const Facts &facts, const Notes &notes, const State &state, const Execution &look,
             llvm::ArrayRef<Partner> partners)
    : facts(facts), notes(notes), state(state), look(look), partners(partners) {
  std::map<uint32_t, std::vector<uint32_t>> threads;
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if (state.tasks[task].flags & Task::Fiber)
      threads[state.tasks[task].thread.index()].push_back(task);
  if (threads.empty())
    return;
  turns.resize(state.tasks.size(), Turn::Runs);
  for (const auto &[thread, members] : threads)
    share(state.heap[thread], members);
}

void Turns::share(const Object &thread, llvm::ArrayRef<uint32_t> members) {
  uint32_t current = thread.holders[0];
  bool lives = current != EndedTask;
  bool overtaken = lives && mayBeOvertaken(current);
  bool alone = lives && !overtaken && runsOn(current);
  for (uint32_t task : members)
    if (task != current)
      turns[task] = alone ? Turn::Waits : Turn::Takes;
  if (alone)
    return;
  bool begins = false;
  for (uint32_t task : llvm::drop_begin(thread.holders)) {
    if (begins)
      turns[task] = Turn::Waits;
    begins = begins || runsOn(task);
  }
  if (lives && begins && !overtaken)
    turns[current] = Turn::Waits;
}

bool Turns::mayBeOvertaken(uint32_t task) const {
  if (state.tasks[task].flags & Task::Looped)
    return true;
  return look.instructionOf(task).op == Opcode::Lock &&
         llvm::any_of(state.heap, [&](const Object &object) {
           bool lock = object.kind == ObjectKind::Mutex || object.kind == ObjectKind::SharedMutex;
           return lock && llvm::is_contained(object.holders, task);
         });
}

/// Whether the task stands at its operation, and does not only come to it when it has its turn.
bool Turns::isThere(uint32_t task) const {
  return hasTurn(state, task) || (state.tasks[task].flags & Task::Parked);
}

bool Turns::sureToMeet(uint32_t task) const {
  bool tries = (state.tasks[task].flags & Task::Fiber) && (look.instructionOf(task).flags & Try);
  auto isSure = [&](uint32_t other) {
    return state.tasks[other].thread == state.tasks[task].thread && isThere(other);
  };
  return tries && llvm::any_of(partners, [&](const Partner &pair) {
           return (pair.sender == task && isSure(pair.receiver)) ||
                  (pair.receiver == task && isSure(pair.sender));
         });
}

/// Whether the task moves at once when it has its turn.
bool Turns::runsOn(uint32_t task) const {
  if (!look.opaqueTargets(task).empty())
    return true;
  for (const Partner &pair : partners)
    if ((pair.sender == task && isThere(pair.receiver)) ||
        (pair.receiver == task && isThere(pair.sender)))
      return true;
  Choices choices;
  Notes scratch;
  scratch.limits = notes.limits;
  do {
    State next = state;
    Execution attempt(facts, next, choices, scratch, nullptr);
    if (attempt.execute(task) == Outcome::Done && !attempt.rested())
      return true;
  } while (choices.next());
  return false;
}

void Turns::give(Execution &execution, uint32_t task) const {
  if (of(task) == Turn::Takes)
    execution.takeTurn(task);
}

Turns::Meetings Turns::meetings(const Partner &pair) const {
  Meetings list;
  for (auto way : {std::pair(pair.sender, pair.receiver), std::pair(pair.receiver, pair.sender)})
    if ((list.empty() || !turns.empty()) && mayMeet(way.first, way.second))
      list.push_back(way);
  return list;
}

/// Whether `active` moves by meeting `other`, which came to its operation before.
bool Turns::mayMeet(uint32_t active, uint32_t other) const {
  if (of(active) == Turn::Waits)
    return false;
  if (isThere(other))
    return true;
  bool oneThread = state.tasks[active].thread == state.tasks[other].thread;
  return of(other) == Turn::Takes && (of(active) == Turn::Takes || !oneThread);
}

} // namespace sluice::checker::analysis
