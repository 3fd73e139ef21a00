// The schedules that the runtime replays, from the outside.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/Reduction.h"

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sluice::checker::standalone {

struct RunOutcome;

/// One decision that is not the ordinary one: at which place, and which way.
struct Decision {
  uint64_t place;
  uint64_t way;
  bool interrupts = false; ///< a task that could have gone on; known where schedules are enumerated
};
using Decisions = std::vector<Decision>; ///< places rise

/// From the runtime's text form, DISTANCE.WAY joined by '-', and back.
Decisions readSchedule(llvm::StringRef text);
std::string writeSchedule(const Decisions &decisions);

/// All schedules of a program, each once: those first that interrupt a task least often (iterative
/// context bounding, Musuvathi and Qadeer 2007). A schedule becomes known when a run shows which
/// other ways it could have gone.
class ScheduleSpace {
public:
  /// `reduced`: without those that differ only in the order of operations on different objects.
  explicit ScheduleSpace(bool reduced) : reduced(reduced) { pending[0].emplace_back(); }

  /// The schedule of run `index`, which is one more than the last; nothing while none is known.
  std::optional<std::string> next(size_t index);
  /// What that run came to.
  void ran(size_t index, const RunOutcome &outcome);
  /// How often the schedules that are still to be run interrupt a task at least; nothing if there
  /// are none.
  std::optional<unsigned> leastInterruptions() const;
  /// How many are known and still to be run.
  size_t known() const;

private:
  struct Start {
    Decisions decisions;
    uint64_t settled = 0; ///< places that are decided; beyond them the ordinary ways are taken
    unsigned interruptions = 0;
  };
  void add(Start start, const Alternative &other);
  bool addRelevant(const Start &start, const RunOutcome &outcome);
  void addAll(const Start &start, llvm::StringRef ways);

  const bool reduced;
  std::map<unsigned, std::deque<Start>> pending; ///< by interruptions; none is empty
  std::map<size_t, Start> running;
  std::set<std::string> added; ///< a race is found in many runs
};

} // namespace sluice::checker::standalone
