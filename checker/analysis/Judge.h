// Explores one scope and gives its verdicts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/client/HelpfulClient.h"
#include "analysis/deadlock/Causes.h"
#include "analysis/explore/Scopes.h"
#include "analysis/explore/Witness.h"

namespace sluice::checker::analysis {

/// Who uses a class when it is a scope of its own.
enum class Clients : uint8_t {
  One,
  Two,    ///< at once, one call each: only the orders of locks of the two are judged
  Helped, ///< one makes one call, another any number: only calls that shut helpers out are judged
};

/// The scope of a class.
struct ClassScope {
  Limits limits;
  Clients clients = Clients::One;
};

/// Judges the scope that one entry opens.
class Judge {
public:
  /// With `equalBounds` all unknown bounds have one value.
  Judge(const Facts &facts, const ScopeEntry &entry, bool equalBounds = false);
  Judge(const Facts &facts, const ClassScope &scope);
  /// Explores, from where it was left, as far as the options let it. False: not to the end.
  bool explore(const Options &options);
  /// Tries single runs of a scope that is too large to be explored.
  void probe(const Options &options);
  /// Gives the verdicts on what was explored.
  void conclude();

  std::vector<Verdict> verdicts;
  std::set<uint32_t> reported;  ///< sites that a verdict is about
  std::set<uint32_t> untracked; ///< sites of findings that hold only one way of an opaque condition
  std::set<uint32_t> unequal;   ///< sites of findings that hold only if unknown bounds differ
  const ScopeEntry &entry() const { return start; }
  const Notes &notes() const { return graph.notes; }
  /// How many it may have.
  uint64_t mostStates(const Options &options) const;
  uint64_t states() const { return graph.size(); }
  uint64_t steps() const { return graph.steps(); }
  /// Whether no defect found does not mean that there is none.
  bool onlyReports() const { return clients != Clients::One || start.locksOnly; }
  /// The methods in which a single client waits with a lock in hand for what other calls may do.
  std::set<skeleton::FunctionId> waitsUnderLock();

private:
  bool isOwnLock(const Cause &cause, const State &state) const;
  bool isOwnLock(const Pattern &pattern) const;
  bool isStandstill(uint32_t id) const;
  void collectCauses(CauseBook &book) const;
  std::vector<bool> endOfProcessAhead() const;
  void judgeMishaps();
  void report(const Group &group);
  Goal goalOf(const Pattern &pattern) const;
  bool mayBeLost(const State &state, const std::vector<uint32_t> &parties) const;
  void doubtAll(uint32_t id, std::set<uint32_t> sites);
  bool reportAs(const Group &group, const Sighting &sighting);
  bool isDoubtful(const Sighting &sighting);
  bool reportGoal(const Sighting &sighting, const Goal &goal, const Group *group);
  std::vector<PrimitiveRef> contextsOf(const State &state, uint32_t task) const;
  void nameParties(Verdict &verdict, const Pattern &pattern, uint32_t last,
                   const std::vector<uint32_t> &numbers) const;
  Goal goalOf(const Mishap &mishap, bool anywhere) const;
  void placeAtAcquisition(Verdict &verdict, uint32_t site) const;
  void placeAtStart(Verdict &verdict, uint32_t site) const;
  void reportMishap(const Mishap &mishap);
  std::vector<bool> stuckIn(uint32_t id, unsigned count) const;
  std::vector<uint32_t> findParties(uint32_t id, const Pattern &pattern) const;
  bool shows(uint32_t id, const Pattern &pattern) const;
  bool everyEndShows(const Group &group) const;
  bool avoidable(const Goal &goal) const;
  std::set<uint32_t> sitesOf(const State &state, uint32_t task) const;
  std::set<uint32_t> sitesOf(const State &state, const std::vector<uint32_t> &parties) const;
  std::set<uint32_t> sitesHeld(const State &state, uint32_t task) const;
  void describe(Verdict &verdict, const State &state, const std::vector<uint32_t> &numbers,
                const std::vector<bool> &stuck, const Pattern &pattern, bool consequences) const;
  void tellCalls(Verdict &verdict, const Task &task, uint32_t number) const;
  void describeBlocked(Verdict &verdict, const State &state, uint32_t task, uint32_t number) const;
  void describeAftermath(Verdict &verdict, uint32_t last, const Pattern &pattern,
                         const std::vector<uint32_t> &numbers) const;
  std::vector<uint32_t> standAt(const State &state, const std::vector<bool> &stuck,
                                const Pattern &pattern) const;
  // What a helpful client cannot avoid (JudgeClient.cpp)
  Goal standing(const Goal &goal, const Sighting &sighting) const;
  Goal standing(const Goal &goal, const Mishap &mishap) const;
  bool holdsUpClient(uint32_t id, const Pattern &pattern) const;
  bool isOrderOfLocks(const Sighting &sighting) const;
  bool locksHelperOut(uint32_t id) const;
  std::set<skeleton::InstructionRef> placesServed();
  void judgeHelped();
  static bool isEmpty(const Goal &goal);
  void keepRelevant(Verdict &verdict, const std::set<uint32_t> &sites) const;

  const Facts &facts;
  const ScopeEntry start;
  const Clients clients = Clients::One;
  bool partial = false; ///< not all states are known: "stuck" may mean "not looked further"
  Graph graph;
  std::optional<Progress> progress;
  std::optional<HelpfulClient> helpful; ///< in the scope of a class
  std::set<std::pair<Defect, skeleton::InstructionRef>> seen;
};

} // namespace sluice::checker::analysis
