// Fibers: tasks of one thread, which take turns.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/State.h"

#include "llvm/ADT/ArrayRef.h"

namespace sluice::checker::analysis {

class Execution;
class Facts;
struct Notes;

/// One task sends, or could, what the other receives.
struct Partner {
  uint32_t sender, sendArm, receiver, receiveArm;
};

/// What a task may do in a state.
enum class Turn : uint8_t {
  Runs,  ///< move: it is no fiber, or has the turn
  Takes, ///< move, and have the turn from then on
  Waits, ///< nothing
};

/// Whose turn it is in a state. Of the fibers of a thread one runs on until it cannot, or rests.
/// Which of the others comes next is left open, but those that have not begun begin in the order in
/// which they were started, and before one that rests goes on. That holds of any queue in which
/// the ready ones stand. Two may be overtaken: who has gone round a loop, as it may have called
/// what is out of sight and rests there, and who takes a second lock, as an order of locks is
/// wrong though nothing rests between them yet.
class Turns {
public:
  Turns(const Facts &facts, const Notes &notes, const State &state, const Execution &look,
        llvm::ArrayRef<Partner> partners);
  Turn of(uint32_t task) const { return turns.empty() ? Turn::Runs : turns[task]; }
  /// Whether a partner stands there already, so that a try does not come to nothing.
  bool sureToMeet(uint32_t task) const;
  /// Before the task moves.
  void give(Execution &execution, uint32_t task) const;
  using Meetings = llvm::SmallVector<std::pair<uint32_t, uint32_t>, 2>;
  /// Who of the two meets the other, that is, whose turn it is.
  Meetings meetings(const Partner &pair) const;

private:
  bool mayMeet(uint32_t active, uint32_t other) const;
  void share(const Object &thread, llvm::ArrayRef<uint32_t> members);
  bool mayBeOvertaken(uint32_t task) const;
  bool runsOn(uint32_t task) const;
  bool isThere(uint32_t task) const;

  const Facts &facts;
  const Notes &notes;
  const State &state;
  const Execution &look;
  llvm::ArrayRef<Partner> partners;
  std::vector<Turn> turns; ///< by task; empty: none is a fiber
};

/// Whether it is the task's turn, if it is a fiber.
bool hasTurn(const State &state, uint32_t task);
/// Whether other fibers may have a turn when it rests.
bool sharesThread(const State &state, uint32_t task);
/// Makes `started` a fiber of the thread of `starter`.
void addFiber(State &state, Value thread, uint32_t starter, uint32_t started, bool atOnce);
void passTurn(State &state, uint32_t to);

} // namespace sluice::checker::analysis
