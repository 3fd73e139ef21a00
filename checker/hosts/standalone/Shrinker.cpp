// Delta debugging on the decisions of a schedule.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Shrinker.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <vector>

namespace sluice::checker::standalone {
namespace {

struct Decision {
  uint64_t place;
  std::string way;
};
using Decisions = std::vector<Decision>;

/// The text form is the runtime's: DISTANCE.WAY joined by '-'.
Decisions read(llvm::StringRef text) {
  Decisions all;
  if (text == "0")
    return all;
  llvm::SmallVector<llvm::StringRef> words;
  text.split(words, '-');
  uint64_t place = 0;
  for (llvm::StringRef word : words) {
    auto [distance, way] = word.split('.');
    uint64_t number = 0;
    distance.getAsInteger(10, number);
    place += number;
    all.push_back({place, way.str()});
  }
  return all;
}

std::string write(const Decisions &all) {
  std::string text;
  uint64_t from = 0;
  for (const Decision &decision : all) {
    text += (text.empty() ? "" : "-") + std::to_string(decision.place - from) + "." + decision.way;
    from = decision.place;
  }
  return text.empty() ? "0" : text;
}

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
    const RunOutcome outcome = runner.runOnce("explore=replay:schedule=" + write(all));
    const bool there = llvm::is_contained(outcome.findings, finding) || outcome.failure == finding;
    if (there && outcome.reported && read(outcome.schedule).size() <= all.size())
      all = read(outcome.schedule);
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
  Decisions best = read(schedule);
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
  return write(best);
}

size_t decisionsIn(const std::string &schedule) { return read(schedule).size(); }

} // namespace sluice::checker::standalone
