// Delta debugging on the decisions of a schedule.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Shrinker.h"

#include "hosts/standalone/Schedule.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace sluice::checker::standalone {
namespace {

class Search {
public:
  Search(ProgramRunner &runner, const std::string &finding, unsigned runs)
      : runner(runner), finding(finding), left(runs) {}

  bool exhausted() const { return left == 0; }
  /// Whether the finding is there; `all` becomes what the run really decided.
  bool shows(Decisions &all) {
    if (left == 0)
      return false;
    --left;
    const RunOutcome outcome = runner.runOnce("explore=replay:schedule=" + writeSchedule(all));
    const bool there = llvm::is_contained(outcome.findings, finding) || outcome.failure == finding;
    if (there && outcome.reported && readSchedule(outcome.schedule).size() <= all.size())
      all = readSchedule(outcome.schedule);
    return there;
  }

private:
  ProgramRunner &runner;
  const std::string &finding;
  unsigned left;
};

Decisions without(const Decisions &all, size_t begin, size_t length) {
  Decisions rest(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(begin));
  rest.insert(rest.end(),
              all.begin() + static_cast<std::ptrdiff_t>(std::min(begin + length, all.size())),
              all.end());
  return rest;
}

} // namespace

std::string shrink(ProgramRunner &runner, const std::string &schedule, const std::string &finding,
                   unsigned runs) {
  Search search(runner, finding, runs);
  Decisions best = readSchedule(schedule);
  if (!search.shows(best))
    return "";
  for (size_t length = std::max<size_t>(best.size(), 1); length > 0; length /= 2)
    for (size_t begin = 0; begin < best.size() && !search.exhausted();) {
      Decisions shorter = without(best, begin, length);
      if (search.shows(shorter))
        best = std::move(shorter);
      else
        begin += length;
    }
  return writeSchedule(best);
}

size_t decisionsIn(const std::string &schedule) { return readSchedule(schedule).size(); }

} // namespace sluice::checker::standalone
