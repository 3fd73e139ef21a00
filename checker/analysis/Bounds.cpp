// Takes back findings that only come about because two unknown bounds differ.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Bounds.h"

#include <algorithm>

namespace sluice::checker::analysis {
namespace {

/// Whether the witness gives two bounds from outside two values.
bool restsOnUnequal(const Verdict &verdict) {
  std::set<std::string> values;
  for (const std::string &item : verdict.restsOn)
    if (size_t at = item.find(" = "); at != std::string::npos)
      values.insert(item.substr(at + 3));
  return values.size() > 1;
}

std::set<uint32_t> sitesOf(const Facts &facts, const Verdict &verdict) {
  std::set<uint32_t> sites;
  auto add = [&](const std::vector<PrimitiveRef> &list) {
    for (const PrimitiveRef &each : list)
      sites.insert(facts.siteOf(each.makeSite));
  };
  for (const TaskRef &task : verdict.tasks) {
    add(task.on);
    add(task.holds);
  }
  for (const Step &step : verdict.witness)
    add(step.on);
  sites.erase(0);
  return sites;
}

} // namespace

void takeBackUnequal(const Facts &facts, const Options &options, Judge &judge) {
  if (std::none_of(judge.verdicts.begin(), judge.verdicts.end(), restsOnUnequal))
    return;
  Judge equal(facts, judge.entry(), /*equalBounds=*/true);
  if (!equal.explore(options))
    equal.probe(options);
  equal.conclude();
  auto vanishes = [&](const Verdict &verdict) {
    return restsOnUnequal(verdict) &&
           std::none_of(equal.verdicts.begin(), equal.verdicts.end(), [&](const Verdict &other) {
             return other.defect == verdict.defect && other.site == verdict.site;
           });
  };
  std::set<uint32_t> still;
  for (const Verdict &verdict : judge.verdicts)
    if (vanishes(verdict))
      judge.unequal.merge(sitesOf(facts, verdict));
    else
      still.merge(sitesOf(facts, verdict));
  std::erase_if(judge.verdicts, vanishes);
  for (uint32_t site : judge.unequal)
    if (!still.count(site))
      judge.reported.erase(site);
}

} // namespace sluice::checker::analysis
