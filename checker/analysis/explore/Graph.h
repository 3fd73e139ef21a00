// The graph of a scope's states, explored breadth first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Canonical.h"
#include "analysis/explore/Execution.h"

#include <unordered_map>

namespace sluice::checker::analysis {

/// One transition. Tasks are named by their index in the state at either end.
struct Edge {
  uint32_t from = 0;
  uint32_t to = 0;
  uint32_t ordinal = 0; ///< which of the transitions of `from`, in their fixed order
  uint32_t group =
      0; ///< edges of `from` with one group (not 0) are the outcomes of one opaque choice
  uint32_t map = 0;   ///< offset into Graph::maps: by task of `from`, its task in `to` or EndedTask
  uint64_t moved = 0; ///< by task of `from`: whether it got further
  bool decided = false;          ///< it was settled what an outside value is
  std::optional<uint32_t> calls; ///< the method that a client began to call
};

/// What happened on an edge that is a defect in itself.
struct Mishap {
  uint32_t edge = 0;
  Defect defect = Defect::Misuse; ///< UncalledCancel, KeptLock, UnjoinedTask or Misuse
  uint32_t site = 0; ///< the lost canceller, the kept lock, the start of the thread; else 0
  skeleton::InstructionRef at; ///< the misused operation, or where the task ended
  uint32_t task = 0;           ///< by index in `from`
};

/// What copying a state and putting it in canonical form costs, in steps of a task.
inline constexpr uint64_t StepsPerAttempt = 10;
/// How many steps a scope may take for each state it may have.
inline constexpr uint64_t StepsPerState = 200;

/// Tries one transition after the other, in a fixed order.
class Transitions {
public:
  Transitions(const Facts &facts, Notes &notes) : facts(facts), notes(notes) {}

  struct Taken {
    State &state;
    Execution &execution;
    uint32_t group;
  };
  /// Calls `visit` for every transition of the state in `words`. `events`, if any, hold what
  /// happened on it.
  template <typename Visit>
  void each(const uint64_t *words, const std::vector<uint16_t> &sameAs, std::vector<Event> *events,
            Visit visit);

private:
  struct Partner {
    uint32_t sender, sendArm, receiver, receiveArm;
  };
  std::vector<Partner> partners(const Execution &look, const State &state,
                                const std::vector<uint16_t> &sameAs) const;

  const Facts &facts;
  Notes &notes;
};

/// All states of one scope.
class Graph {
public:
  /// At most `most` states and `mostSteps` steps are looked at.
  Graph(const Facts &facts, uint32_t entry, uint64_t most, uint64_t mostSteps,
        const Limits &limits = {});

  /// Explores. False if the budget ran out or the scope cannot be judged; `notes` says why.
  bool explore();

  size_t size() const { return offsets.size(); }
  uint64_t steps() const { return stepsAtStart - notes.stepsLeft; }
  State stateAt(uint32_t id) const { return decode(facts, pool.data() + offsets[id]); }
  unsigned tasksOf(uint32_t id) const { return unsigned(uint32_t(pool[offsets[id]])); }
  const uint16_t *sameAs(uint32_t id) const { return sames.data() + sameOffsets[id]; }
  const uint16_t *mapOf(const Edge &edge) const { return maps.data() + edge.map; }
  /// Takes an edge again and tells what happened.
  std::vector<Event> replay(const Edge &edge);

  const Facts &facts;
  const uint32_t entry;
  std::vector<Edge> edges; ///< ordered by `from`
  std::vector<Mishap> mishaps;
  Notes notes;

private:
  uint32_t intern(const Canonical &canonical);
  void expand(uint32_t id);
  void addEdge(uint32_t id, uint32_t ordinal, const Transitions::Taken &taken);

  const uint64_t most, stepsAtStart;
  /// Why a way was not followed to its end, if any was not.
  std::optional<std::pair<NoVerdict, std::string>> cutOff;
  std::vector<uint64_t> pool;
  std::vector<size_t> offsets;
  std::vector<uint16_t> sames;
  std::vector<size_t> sameOffsets;
  std::vector<uint16_t> maps;
  std::unordered_multimap<uint64_t, uint32_t> byHash;
};

template <typename Visit>
void Transitions::each(const uint64_t *words, const std::vector<uint16_t> &sameAs,
                       std::vector<Event> *events, Visit visit) {
  const State state = decode(facts, words);
  State scratch = state;
  Choices none;
  const Execution look(facts, scratch, none, notes, nullptr);
  uint32_t group = 0;
  auto attempt = [&](uint32_t inGroup, auto act) {
    Choices choices;
    std::optional<std::vector<unsigned>> shared;
    uint32_t own = inGroup;
    do {
      notes.spend(StepsPerAttempt);
      State next = state;
      if (events)
        events->clear();
      Execution execution(facts, next, choices, notes, events);
      if (!act(execution, next))
        continue;
      execution.settle();
      auto before = choices.beforeOpaque();
      if (!inGroup && before && before != shared)
        own = ++group;
      shared = before;
      visit(Taken{next, execution, inGroup ? inGroup : before ? own : 0});
    } while (!notes.gaveUp && choices.next());
  };
  // An opaque branch is nobody else's business: it goes alone, unless that could go on for ever.
  for (uint32_t task = 0; task != state.tasks.size(); ++task) {
    llvm::SmallVector<uint32_t, 4> targets = look.opaqueTargets(task);
    if (targets.empty())
      continue;
    ++group;
    for (uint32_t target : targets)
      attempt(group, [&](Execution &execution, State &next) {
        next.tasks[task].flags &= uint8_t(~Task::Paused);
        execution.goTo(task, target);
        return true;
      });
    if (!(state.tasks[task].flags & Task::Paused))
      return;
  }
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if (sameAs[task] == task && look.opaqueTargets(task).empty())
      attempt(0, [&](Execution &execution, State &next) {
        Task::Phase before = next.tasks[task].phase;
        return execution.execute(task) == Outcome::Done || next.tasks[task].phase != before;
      });
  for (const Partner &pair : partners(look, state, sameAs))
    attempt(0, [&](Execution &execution, State &) {
      execution.exchange(pair.sender, pair.sendArm, pair.receiver, pair.receiveArm);
      return true;
    });
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    if (state.heap[i].kind == ObjectKind::Timer && state.heap[i].first &&
        !state.heap[i].values.empty())
      attempt(0, [&](Execution &execution, State &) {
        execution.fire(i);
        return true;
      });
}

} // namespace sluice::checker::analysis
