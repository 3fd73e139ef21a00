// Weighs what units say alone against what linking adds.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/program/LinkedJudge.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

namespace sluice::checker::checks {

using findings::Finding;
using findings::JudgedPrimitive;
using findings::Judgement;
using findings::Place;
using findings::UnitReport;

namespace {

using Making = std::pair<Place, std::string>; ///< where a primitive is made, and what it is
using Defect = std::pair<std::string, Place>; ///< a check, and where it reports

class Weighing {
public:
  explicit Weighing(const UnitReport &linked);
  void apply(UnitReport &unit, const std::string &name);
  void add(UnitReport &linked) const;

private:
  bool isTakenBack(const Finding &finding, const std::string &unit) const;

  std::set<std::string> explored;
  std::set<Defect> found;               ///< by linking
  std::map<Making, Judgement> verdicts; ///< by linking
  std::set<Place> verified;             ///< by linking
  std::set<Defect> kept;                ///< of units
};

Weighing::Weighing(const UnitReport &linked)
    : explored(linked.explored.begin(), linked.explored.end()) {
  for (const Finding &finding : linked.findings)
    found.insert({finding.check, finding.at});
  for (const JudgedPrimitive &each : linked.primitives) {
    if (each.judgement != Judgement::NoVerdict)
      verdicts[{each.madeAt, each.noun}] = each.judgement;
    if (each.judgement == Judgement::Verified)
      verified.insert(each.madeAt);
  }
  for (const JudgedPrimitive &each : linked.primitives)
    if (each.judgement != Judgement::Verified)
      verified.erase(each.madeAt);
}

bool Weighing::isTakenBack(const Finding &finding, const std::string &unit) const {
  bool seen = explored.count(finding.scope) || explored.count(finding.scope + "@" + unit);
  return seen && !finding.about.empty() && !found.count({finding.check, finding.at}) &&
         llvm::all_of(finding.about, [&](const Place &made) { return verified.count(made) != 0; });
}

void Weighing::apply(UnitReport &unit, const std::string &name) {
  std::set<Place> cleared, accused;
  llvm::erase_if(unit.findings, [&](const Finding &finding) {
    bool taken = isTakenBack(finding, name);
    (taken ? cleared : accused).insert(finding.about.begin(), finding.about.end());
    if (!taken)
      kept.insert({finding.check, finding.at});
    return taken;
  });
  llvm::erase_if(unit.primitives, [&](const JudgedPrimitive &each) {
    if (!verdicts.count({each.madeAt, each.noun}))
      return false;
    return each.judgement == Judgement::NoVerdict ||
           (cleared.count(each.madeAt) && !accused.count(each.madeAt));
  });
}

void Weighing::add(UnitReport &linked) const {
  llvm::erase_if(linked.findings, [&](const Finding &finding) {
    return kept.count({finding.check, finding.at}) != 0;
  });
  llvm::erase_if(linked.primitives, [](const JudgedPrimitive &each) {
    return each.judgement == Judgement::NoVerdict;
  });
}

} // namespace

UnitReport weighLinked(std::vector<UnitReport> &units, const std::vector<std::string> &names,
                       UnitReport linked) {
  Weighing weighing(linked);
  for (size_t index = 0; index != units.size(); ++index)
    weighing.apply(units[index], names[index]);
  weighing.add(linked);
  return linked;
}

} // namespace sluice::checker::checks
