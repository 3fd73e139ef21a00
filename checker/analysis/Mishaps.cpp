// Gives verdicts on what is a defect the moment it happens: misuse, and what ends unfinished.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Judge.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;

/// Whether some run comes to its end without the goal.
bool Judge::avoidable(const Goal &goal) const {
  std::vector<bool> seenState(graph.size());
  std::vector<uint32_t> work{0};
  seenState[0] = true;
  while (!work.empty()) {
    uint32_t at = work.back();
    work.pop_back();
    if (progress->edgesFrom(at).empty())
      return true;
    for (uint32_t e : progress->edgesFrom(at))
      if (!goal.edges[e] && !seenState[graph.edges[e].to]) {
        seenState[graph.edges[e].to] = true;
        work.push_back(graph.edges[e].to);
      }
  }
  return false;
}

/// The edges on which the mishap comes about, `anywhere` or at its place.
Goal Judge::goalOf(const Mishap &mishap, bool anywhere) const {
  Goal goal;
  goal.edges.resize(graph.edges.size());
  for (const Mishap &other : graph.mishaps)
    if (other.defect == mishap.defect && other.site == mishap.site &&
        (anywhere || other.at == mishap.at))
      goal.edges[other.edge] = true;
  return goal;
}

/// A kept lock is told where it was taken, by the task that ends.
void Judge::placeAtAcquisition(Verdict &verdict, uint32_t site) const {
  const std::vector<Step> &steps = verdict.witness;
  auto isOnLock = [&](const PrimitiveRef &on) { return facts.siteOf(on.makeSite) == site; };
  for (size_t i = steps.size(); i-- != 0;) {
    auto endsAfter = [&](const Step &later) {
      return later.kind == Step::Kind::End && later.task == steps[i].task;
    };
    if (steps[i].kind != Step::Kind::Lock || !llvm::any_of(steps[i].on, isOnLock) ||
        std::none_of(steps.begin() + ptrdiff_t(i), steps.end(), endsAfter))
      continue;
    verdict.at = steps[i].at;
    verdict.culprit = steps[i].task;
    verdict.lock = primitiveAt(facts, site);
    return;
  }
}

/// A thread that is not joined is told where it was started, by the task that lets go of it.
void Judge::placeAtStart(Verdict &verdict, uint32_t site) const {
  verdict.site = facts.sites[site];
  verdict.at = facts.at(verdict.site).at;
  verdict.subject = facts.at(verdict.site).name;
  for (const Step &step : verdict.witness)
    if (step.kind == Step::Kind::HandleEnd)
      verdict.culprit = step.task;
}

void Judge::reportMishap(const Mishap &mishap) {
  if (!seen.insert({mishap.defect, mishap.at}).second)
    return;
  bool misused = mishap.defect == Defect::Misuse;
  std::set<uint32_t> sites;
  const State &before = graph.stateAt(graph.edges[mishap.edge].from);
  if (misused && mishap.task < before.tasks.size()) // else it was started on this very edge
    sites = sitesOf(before, mishap.task);
  if (mishap.defect == Defect::UncalledCancel || mishap.defect == Defect::KeptLock)
    sites.insert(mishap.site);
  Goal goal = goalOf(mishap, /*anywhere=*/false);
  if (helpful && isEmpty(goal = standing(goal, mishap)))
    return;
  Witness witness(graph, *progress, goal);
  if (!witness.exists()) {
    untracked.merge(sites);
    return;
  }
  Verdict verdict{};
  verdict.defect = mishap.defect;
  bool always = !notes().lostWait &&
                !avoidable(goalOf(mishap, /*anywhere=*/mishap.defect == Defect::KeptLock));
  verdict.certainty = always ? Certainty::Definite : Certainty::Possible;
  verdict.site = mishap.at;
  verdict.at = facts.at(mishap.at).at;
  verdict.scope = graph.entry;
  std::vector<uint32_t> path = witness.path();
  tell(graph, path, verdict);
  for (const Step &step : verdict.witness)
    if (misused && step.kind == Step::Kind::Blocked && step.at == verdict.at) {
      verdict.culprit = step.task;
      for (const PrimitiveRef &on : step.on)
        sites.insert(facts.siteOf(on.makeSite));
    }
  if (mishap.defect == Defect::KeptLock)
    placeAtAcquisition(verdict, mishap.site);
  if (mishap.defect == Defect::UnjoinedTask)
    placeAtStart(verdict, mishap.site);
  if (mishap.defect == Defect::UncalledCancel) {
    Step lost{};
    lost.kind = Step::Kind::Lost;
    lost.on = {primitiveAt(facts, mishap.site)};
    lost.function = mishap.at.function;
    lost.at = verdict.at;
    verdict.witness.push_back(lost);
  }
  keepRelevant(verdict, sites);
  reported.insert(sites.begin(), sites.end());
  verdicts.push_back(std::move(verdict));
}

/// By state: whether the process is ended whatever is done from there on.
std::vector<bool> Judge::endOfProcessAhead() const {
  std::vector<bool> ahead(graph.size());
  std::vector<size_t> ways(graph.size());
  std::vector<uint32_t> work;
  auto take = [&](uint32_t state) {
    if (--ways[state] == 0) {
      ahead[state] = true;
      work.push_back(state);
    }
  };
  for (const Edge &edge : graph.edges)
    ++ways[edge.from];
  for (const Edge &edge : graph.edges)
    if (edge.stops)
      take(edge.from);
  while (!work.empty()) {
    const uint32_t state = work.back();
    work.pop_back();
    for (uint32_t e : progress->edgesInto(state))
      if (!graph.edges[e].stops)
        take(graph.edges[e].from);
  }
  return ahead;
}

/// Who is about to end the process need not put its affairs in order.
void Judge::judgeMishaps() {
  if (graph.mishaps.empty())
    return;
  std::vector<bool> ahead = endOfProcessAhead();
  std::erase_if(graph.mishaps, [&](const Mishap &mishap) {
    const bool unfinished =
        mishap.defect == Defect::UnjoinedTask || mishap.defect == Defect::UncalledCancel;
    return unfinished && ahead[graph.edges[mishap.edge].to];
  });
  for (const Mishap &mishap : graph.mishaps)
    reportMishap(mishap);
}

} // namespace sluice::checker::analysis
