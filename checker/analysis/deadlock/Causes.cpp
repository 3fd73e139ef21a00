// Makes one finding of the causes that are the same defect in different ends of a scope.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A cycle may close earlier in one schedule and draw in more tasks in another. Cycles of which one
// holds all places of the other are one defect, told by the one whose culprit ranks first, and so
// are causes with one culprit.
#include "analysis/deadlock/Causes.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace sluice::checker::analysis {
namespace {

Pattern patternOf(const Cause &cause, const State &state) {
  Pattern pattern;
  pattern.defect = cause.defect;
  pattern.rank = cause.rank;
  pattern.culprit = standOf(state, cause.culprit);
  pattern.alone = cause.parties.size() == 1;
  for (uint32_t task : cause.parties)
    pattern.places.push_back(standOf(state, task));
  if (pattern.places.empty())
    pattern.places.push_back(pattern.culprit);
  llvm::sort(pattern.places);
  pattern.places.erase(std::unique(pattern.places.begin(), pattern.places.end()),
                       pattern.places.end());
  return pattern;
}

bool holdsAll(const Pattern &big, const Pattern &small) {
  return std::includes(big.places.begin(), big.places.end(), small.places.begin(),
                       small.places.end());
}

bool areOne(const Pattern &a, const Pattern &b) {
  if ((a.defect == Defect::NeverEnds) != (b.defect == Defect::NeverEnds))
    return false;
  bool cycles = a.defect == Defect::Deadlock && b.defect == Defect::Deadlock;
  return a.culprit == b.culprit || (cycles && (holdsAll(a, b) || holdsAll(b, a)));
}

} // namespace

void CauseBook::add(const Cause &cause, const State &state, uint32_t id) {
  first.try_emplace(patternOf(cause, state), id);
}

std::vector<Group> CauseBook::groups() const {
  std::vector<Sighting> order;
  for (const auto &[pattern, end] : first)
    order.push_back({pattern, end});
  llvm::sort(order, [](const Sighting &a, const Sighting &b) {
    auto weight = [](const Pattern &each) { return std::pair(each.rank, each.places.size()); };
    return weight(a.pattern) != weight(b.pattern) ? weight(a.pattern) < weight(b.pattern)
                                                  : a.pattern < b.pattern;
  });
  std::vector<Group> list;
  for (const Sighting &each : order) {
    auto same = llvm::find_if(
        list, [&](const Group &group) { return areOne(each.pattern, group.front().pattern); });
    if (same == list.end())
      same = list.insert(list.end(), Group());
    same->push_back(each);
  }
  return list;
}

} // namespace sluice::checker::analysis
