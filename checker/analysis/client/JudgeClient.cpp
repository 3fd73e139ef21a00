// Judges what a class's client could not avoid.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Judge.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// What others would have to do for a task that waits at the instruction. Of a held lock, of a
/// task's end and of a call that runs once, only those who have them can.
uint16_t needOf(const Instruction &at) {
  uint16_t need = at.flags & Cancellable ? Future::Cancels : 0;
  for (const SelectArm &arm : at.arms)
    need |= arm.kind == SelectArm::Kind::Send
                ? Future::Receives | Future::Closes
                : Future::Sends | Future::Closes | Future::Cancels | Future::StartsTimer;
  switch (at.op) {
  case Opcode::Send:
    return need | Future::Receives | Future::Closes;
  case Opcode::Receive:
    return Future::Sends | Future::Closes | Future::Cancels | Future::StartsTimer;
  case Opcode::CounterWait:
    return need | Future::Counts;
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
  if (clients == Clients::Two)
    return isOrderOfLocks(sighting) ? goal : Goal();
  uint16_t need = 0;
  for (const Stand &place : pattern.places)
    need |= needOf(facts.at(place.at));
  Goal left = helpful->unavoidable(goal);
  if (need & helpful->help())
    return left;
  Goal calls = helpful->withinCall(goal, /*first=*/need != 0);
  for (uint32_t id = 0; id != graph.size(); ++id)
    calls.states[id] = calls.states[id] && holdsUpClient(id, pattern);
  add(left.states, calls.states);
  return left;
}

std::set<FunctionId> Judge::waitsUnderLock() {
  std::set<FunctionId> methods;
  for (uint32_t id = 0; helpful && id != graph.size(); ++id) {
    uint32_t client = helpful->taskOf(id);
    if (!helpful->inCall(id) || !progress->stuck(id, client))
      continue;
    const State &state = graph.stateAt(id);
    if (needOf(facts.at(placeOf(state, client))) & helpful->help() &&
        !sitesHeld(state, client).empty())
      methods.insert(state.tasks[client].frames[1].function);
  }
  return methods;
}

/// Whether the client is stuck with a lock in hand, and the other would help it in the call that it
/// is in, if it got that lock.
bool Judge::locksHelperOut(uint32_t id) const {
  const State &state = graph.stateAt(id);
  uint32_t client = helpful->taskOf(id), other = helpful->otherOf(state);
  if (!helpful->inCall(id) || other == state.tasks.size() || !progress->stuck(id, client) ||
      !progress->stuck(id, other) || facts.at(placeOf(state, other)).op != Opcode::Lock)
    return false;
  uint16_t need = needOf(facts.at(placeOf(state, client)));
  auto helps = [&](const Frame &frame) {
    return facts.futureFrom(frame.function, frame.block, frame.index).help & need;
  };
  std::set<uint32_t> held = sitesHeld(state, client);
  return llvm::any_of(llvm::drop_begin(state.tasks[other].frames), helps) &&
         llvm::any_of(sitesOf(state, other), [&](uint32_t site) { return held.count(site); });
}

/// Where the client is seen to wait for a while in a call, and to go on.
std::set<InstructionRef> Judge::placesServed() {
  std::set<InstructionRef> served;
  for (uint32_t id = 0; id != graph.size(); ++id) {
    uint32_t client = helpful->taskOf(id);
    auto moves = [&](uint32_t e) { return graph.edges[e].moved >> client & 1; };
    if (helpful->inCall(id) && !progress->stuck(id, client) &&
        llvm::none_of(progress->edgesFrom(id), moves))
      served.insert(placeOf(graph.stateAt(id), client));
  }
  return served;
}

/// Reports every wait under a lock for help that nobody can bring without that lock: the helper
/// could have made any calls before it came to wait, and none would have done. Where some wait is
/// served, by a task of the class say, those that are not may be the client's fault. A call of
/// another method than the one that waits tells best.
void Judge::judgeHelped() {
  std::set<InstructionRef> passed = placesServed();
  std::vector<bool> beyondHelp = helpful->stuckWhileOtherRests();
  std::map<std::tuple<Stand, bool, Stand>, std::vector<uint32_t>> shown;
  for (uint32_t id = 0; id != graph.size(); ++id) {
    if (!beyondHelp[id] || !locksHelperOut(id))
      continue;
    const State &state = graph.stateAt(id);
    uint32_t client = helpful->taskOf(id), other = helpful->otherOf(state);
    bool same = state.tasks[client].frames[1].function == state.tasks[other].frames[1].function;
    shown[{standOf(state, client), same, standOf(state, other)}].push_back(id);
  }
  for (const auto &[key, ids] : shown) {
    auto [waits, same, helps] = key;
    if (!passed.insert(waits.at).second) // or told by another call
      continue;
    Sighting sighting{{Defect::Deadlock, /*rank=*/1, {waits, helps}, helps}, ids[0]};
    llvm::sort(sighting.pattern.places);
    Goal goal{std::vector<bool>(graph.size()), {}};
    for (uint32_t id : ids)
      goal.states[id] = true;
    if (!isDoubtful(sighting))
      reportGoal(sighting, goal, nullptr);
  }
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
