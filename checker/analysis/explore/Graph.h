// The graph of a scope's states, explored breadth first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Canonical.h"
#include "analysis/explore/Execution.h"
#include "analysis/explore/Turns.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Allocator.h"

#include <memory>
#include <random>

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
  bool stops = false;            ///< the process ended
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

/// What an attempt at a transition costs in steps of a task, and how many words of a state can be
/// copied and put in canonical form in the time of one: so that a step, whatever it is counted for,
/// stands for some 60 ns.
inline constexpr uint64_t StepsPerAttempt = 10;
inline constexpr uint64_t WordsPerStep = 4;
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
  void each(const uint64_t *words, llvm::ArrayRef<uint16_t> sameAs, std::vector<Event> *events,
            Visit visit);

private:
  std::vector<Partner> partners(const Execution &look, const State &state,
                                llvm::ArrayRef<uint16_t> sameAs) const;
  /// Goes every way that `act` may go, each from `state`. `inGroup`: see Edge::group; 0: the ways
  /// that part at an opaque choice are one of their own.
  template <typename Visit, typename Act>
  void attempt(uint32_t inGroup, std::vector<Event> *events, Visit &visit, Act act);

  const Facts &facts;
  Notes &notes;
  State state, next;   ///< next: what attempts are made on
  bool isCopy = false; ///< `next` is as `state`
  uint32_t group = 0;  ///< the last
};

/// All states of one scope.
class Graph {
public:
  Graph(const Facts &facts, uint32_t entry, const Limits &limits = {});

  /// Explores, from where it was left, until at most `most` states are known and `mostSteps` steps
  /// were taken in all. False if the budget ran out, is seen to run out, or the scope cannot be
  /// judged; `notes` says why.
  bool explore(uint64_t most, uint64_t mostSteps);
  /// Where that is not all: tries single runs, each to its end, until `mostSteps` more steps were
  /// taken.
  void probe(uint64_t mostSteps);
  /// Whether all transitions of a state are known.
  bool isExpanded(uint32_t id) const { return states[id].expanded; }

  size_t size() const { return states.size(); }
  uint64_t steps() const { return taken; }
  void read(uint32_t id, State &state) const { decode(facts, states[id].words.data(), state); }
  /// Kept from the first time it is asked for.
  const State &stateAt(uint32_t id) const;
  unsigned tasksOf(uint32_t id) const { return unsigned(uint32_t(states[id].words[0])); }
  /// By task: the first one that nothing tells apart from it.
  llvm::ArrayRef<uint16_t> sameAs(uint32_t id) const { return states[id].sameAs; }
  const uint16_t *mapOf(const Edge &edge) const { return maps.data() + edge.map; }
  /// Takes an edge again and tells what happened.
  std::vector<Event> replay(const Edge &edge);

  const Facts &facts;
  const uint32_t entry;
  std::vector<Edge> edges; ///< those of one state stand together
  std::vector<Mishap> mishaps;
  Notes notes;

private:
  uint32_t intern(const Canonical &canonical);
  bool expand(uint32_t id);
  bool tryRun(std::minstd_rand &random);
  bool stillGrows(uint64_t most);
  void addEdge(uint32_t id, uint32_t ordinal, const Transitions::Taken &taken);

  Transitions transitions;
  uint64_t taken = 0;    ///< steps
  uint32_t expanded = 0; ///< states
  /// By distance from the start: how many states are nearer.
  std::vector<size_t> levels{0, 1};
  /// Why a way was not followed to its end, if any was not.
  std::optional<std::pair<NoVerdict, std::string>> cutOff;
  struct Stored {
    llvm::ArrayRef<uint64_t> words;
    llvm::ArrayRef<uint16_t> sameAs;
    uint32_t alike; ///< the state before it with its hash, or itself
    bool expanded = false;
    uint32_t edge = 0, edges = 0; ///< the first of its transitions, and how many they are
  };
  std::vector<Stored> states;
  mutable std::vector<std::unique_ptr<State>> decoded;
  llvm::BumpPtrAllocator memory; ///< of `states`
  std::vector<uint16_t> maps;
  llvm::DenseMap<uint64_t, uint32_t> byHash; ///< the last state with it
  Canonicalizer canonicalize;
};

template <typename Visit, typename Act>
void Transitions::attempt(uint32_t inGroup, std::vector<Event> *events, Visit &visit, Act act) {
  Choices choices;
  std::optional<std::vector<unsigned>> shared;
  uint32_t own = inGroup;
  do {
    if (!isCopy)
      next = state;
    if (events)
      events->clear();
    Execution execution(facts, next, choices, notes, events);
    if (!act(execution, next)) {
      isCopy = execution.leftAs(state);
      continue;
    }
    isCopy = false;
    notes.spend(StepsPerAttempt);
    execution.settle();
    auto before = choices.beforeOpaque();
    if (!inGroup && before && before != shared)
      own = ++group;
    shared = before;
    visit(Taken{next, execution, inGroup ? inGroup : before ? own : 0});
  } while (!notes.gaveUp && choices.next());
}

template <typename Visit>
void Transitions::each(const uint64_t *words, llvm::ArrayRef<uint16_t> sameAs,
                       std::vector<Event> *events, Visit visit) {
  decode(facts, words, state);
  Choices none;
  const Execution look(facts, state, none, notes, nullptr);
  isCopy = false;
  group = 0;
  auto tryAll = [&](uint32_t inGroup, auto act) { attempt(inGroup, events, visit, act); };
  // An opaque branch is nobody else's business: it goes alone, unless that could go on for ever.
  for (uint32_t task = 0; task != state.tasks.size(); ++task) {
    llvm::SmallVector<uint32_t, 4> targets = look.opaqueTargets(task);
    if (targets.empty())
      continue;
    ++group;
    for (uint32_t target : targets)
      tryAll(group, [&](Execution &execution, State &) {
        execution.goTo(task, target);
        return true;
      });
    if (!(state.tasks[task].flags & Task::Paused))
      return;
  }
  // Other steps that nobody notices go alone as well.
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if ((state.tasks[task].flags & (Task::Midway | Task::Paused)) == Task::Midway)
      return tryAll(0, [&](Execution &execution, State &) {
        return execution.execute(task) == Outcome::Done;
      });
  const std::vector<Partner> pairs = partners(look, state, sameAs);
  const Turns turns(facts, notes, state, look, pairs);
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if (sameAs[task] == task && look.opaqueTargets(task).empty() && turns.of(task) != Turn::Waits &&
        !turns.sureToMeet(task))
      tryAll(0, [&](Execution &execution, State &next) {
        Task::Phase before = next.tasks[task].phase;
        turns.give(execution, task);
        return execution.execute(task) == Outcome::Done || next.tasks[task].phase != before;
      });
  for (const Partner &pair : pairs)
    for (auto [active, other] : turns.meetings(pair))
      tryAll(0, [&](Execution &execution, State &) {
        turns.give(execution, active);
        execution.exchange(pair.sender, pair.sendArm, pair.receiver, pair.receiveArm);
        return true;
      });
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    if (state.heap[i].startsTask())
      tryAll(0, [&](Execution &execution, State &) {
        execution.fire(i);
        return true;
      });
}

} // namespace sluice::checker::analysis
