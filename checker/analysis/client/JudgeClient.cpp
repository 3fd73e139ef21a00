// Judges what a class's client could not avoid.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Judge.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// What others would have to do for a task that waits at the instruction. Of a held lock, of a
/// task's end and of a call that runs once, only those who have them can.
uint16_t needOf(const Instruction &at) {
  uint16_t need = 0;
  for (const SelectArm &arm : at.arms)
    need |= arm.kind == SelectArm::Kind::Send
                ? Future::Receives | Future::Closes
                : Future::Sends | Future::Closes | Future::Cancels | Future::StartsTimer;
  switch (at.op) {
  case Opcode::Send:
    return Future::Receives | Future::Closes;
  case Opcode::Receive:
    return Future::Sends | Future::Closes | Future::Cancels | Future::StartsTimer;
  case Opcode::CounterWait:
    return Future::Counts;
  case Opcode::Wait:
    return Future::Notifies;
  case Opcode::Acquire:
    return Future::Releases;
  case Opcode::WaitEvent:
    return Future::Sets;
  default:
    return need;
  }
}

void add(std::vector<bool> &to, const std::vector<bool> &from) {
  for (size_t i = 0; i != to.size(); ++i)
    to[i] = to[i] || from[i];
}

} // namespace

/// Whether the client is one of those that the finding is about, or waits for them.
bool Judge::holdsUpClient(uint32_t id, const Pattern &pattern) const {
  const State &state = graph.stateAt(id);
  std::vector<uint32_t> parties = findParties(id, pattern);
  std::vector<bool> stuck = stuckIn(id, unsigned(state.tasks.size()));
  std::vector<bool> waits = waitersFor(facts, state, stuck, parties);
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if (state.tasks[task].flags & Task::Entry)
      return waits[task] || llvm::is_contained(parties, task);
  return false;
}

/// Before the destructor only those who wait for what no public method does are stuck.
Goal Judge::standing(const Goal &goal, const Sighting &sighting) const {
  const Pattern &pattern = sighting.pattern;
  if (twoClients)
    return isOrderOfLocks(sighting) ? goal : Goal();
  uint16_t need = 0;
  for (const InstructionRef &place : pattern.places)
    need |= needOf(facts.at(place));
  Goal left = helpful->unavoidable(goal);
  if (need & helpful->help())
    return left;
  Goal calls = helpful->withinCall(goal, /*first=*/need != 0);
  for (uint32_t id = 0; id != graph.size(); ++id)
    calls.states[id] = calls.states[id] && holdsUpClient(id, pattern);
  add(left.states, calls.states);
  return left;
}

/// A lock may be kept for a later call.
Goal Judge::standing(const Goal &goal, const Mishap &mishap) const {
  if (mishap.defect == Defect::KeptLock)
    return {};
  Goal left = helpful->unavoidable(goal);
  const State &before = graph.stateAt(graph.edges[mishap.edge].from);
  bool byClient =
      mishap.task < before.tasks.size() && (before.tasks[mishap.task].flags & Task::Entry);
  if (byClient)
    add(left.edges, helpful->inEveryCall(goal).edges);
  return left;
}

/// Of two clients, whether the pattern is a circle of both, each of which waits for a lock of the
/// class that the other holds.
bool Judge::isOrderOfLocks(const Sighting &sighting) const {
  const State &state = graph.stateAt(sighting.end);
  std::vector<uint32_t> parties = findParties(sighting.end, sighting.pattern);
  return parties.size() == 2 && llvm::all_of(parties, [&](uint32_t task) {
           FunctionId bottom = state.tasks[task].frames.front().function;
           bool isClient = bottom == graph.entry || bottom == graph.notes.limits.client->other;
           bool ownLock = !sitesOf(state, task).empty();
           return isClient && ownLock && facts.at(placeOf(state, task)).op == Opcode::Lock;
         });
}

bool Judge::isEmpty(const Goal &goal) {
  return !llvm::is_contained(goal.states, true) && !llvm::is_contained(goal.edges, true);
}

} // namespace sluice::checker::analysis
