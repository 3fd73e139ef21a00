// Says which defects of a class show though its client does what it can to avoid them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Once the destructor has begun no calls come. So a defect that shows then is looked at as a game:
// the client rests between two calls, and wins if it may destroy the object there without the
// defect, or has a call to make after which it wins wherever others stand. Only what an outside
// value turns out to be is its own choice. The defect stands if the client does not win once the
// object is made, or once it has called some method first, or has called it at any time: a later
// call that it could have made at a better time is its own fault. Before the destructor, a defect
// must show within one call.
#pragma once

#include "analysis/client/ClientProgram.h"
#include "analysis/explore/Witness.h"

namespace sluice::checker::analysis {

/// Computed once the graph of a class's scope is explored.
class HelpfulClient {
public:
  HelpfulClient(const Graph &graph, const Progress &progress, const Client &client);

  /// Of a goal, what shows after the destructor has begun although the client did what it could.
  Goal unavoidable(const Goal &goal) const;
  /// Of a goal's states, those in which the client is stuck in the constructor or in a call that it
  /// began without a lock in hand; `first`: only if it had made no call before.
  Goal withinCall(const Goal &goal, bool first) const;
  /// Of a goal's edges, those in a call that shows them wherever it begins.
  Goal inEveryCall(const Goal &goal) const;
  /// With another client that makes any calls: the states from where that one rests and this one is
  /// stuck in a call, so that no call brings it on.
  std::vector<bool> stuckWhileOtherRests() const;
  bool inCall(uint32_t state) const { return isCalling(state); }
  /// The client among the tasks of a state; beyond them if it has ended.
  uint32_t taskOf(uint32_t state) const { return who[state]; }
  /// The other client, in the same way.
  uint32_t otherOf(const State &state) const;
  /// What public methods may do for a task that waits.
  uint16_t help() const { return offered; }

private:
  enum class Phase : uint8_t { Making, Resting, Calling, Destroying, Gone };
  Phase phaseOf(const State &state, uint32_t task) const;
  bool rests(const Task &task) const;
  bool isCalling(uint32_t state) const { return phases[state] == Phase::Calling; }
  bool isResting(uint32_t state) const { return phases[state] == Phase::Resting; }
  bool isDestroying(const Edge &edge) const;
  bool isCall(const Edge &edge) const;
  std::vector<bool> mayShowDestroyed(const Goal &goal) const;
  /// What is known of the game in the course of a search.
  struct Game {
    std::vector<bool> won;     ///< resting states in which the client wins
    std::vector<bool> lost;    ///< and the others
    std::vector<bool> canWin;  ///< states within a call that may end in one of either
    std::vector<bool> canLose; ///< so; or the call never ends
  };
  Game gameOf(std::vector<bool> won) const;
  bool winsBy(const Game &game, const Edge &edge) const;
  std::vector<bool> doomed(const Game &game) const;
  std::vector<bool> backwardsInCalls(std::vector<bool> marked) const;
  std::vector<bool> hitsAlone(const std::vector<bool> &shows) const;

  const Graph &graph;
  const Progress &progress;
  const Client client;
  std::vector<Phase> phases;
  std::vector<uint32_t> who;        ///< by state: the client among its tasks
  std::vector<bool> clean;          ///< by state: the client holds no lock
  std::vector<bool> otherRests;     ///< by state: there is another client, and it is in no call
  std::vector<bool> fresh;          ///< by state: the client has made no call yet
  std::vector<bool> decidesInCalls; ///< by state: a call may still settle an outside value
  uint16_t offered = 0;
};

} // namespace sluice::checker::analysis
