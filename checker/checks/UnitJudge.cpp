// Runs the frontend, the analysis and the checks on one unit.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/UnitJudge.h"

#include "checks/Account.h"
#include "checks/Catalogue.h"
#include "checks/Cause.h"
#include "checks/Settings.h"
#include "checks/SourceUnit.h"
#include "checks/Story.h"
#include "checks/program/NameHomes.h"
#include "checks/program/Summary.h"
#include "checks/repair/Repairs.h"
#include "skeleton/Text.h"

#include <set>

namespace sluice::checker::checks {

using analysis::Coverage;
using analysis::NoVerdict;
using findings::Finding;
using findings::JudgedPrimitive;
using findings::Judgement;

namespace {

/// Reads well after a number.
std::string reason(NoVerdict why) {
  switch (why) {
  case NoVerdict::Escapes:
    return "escape to unknown code";
  case NoVerdict::UnknownCallee:
    return "depend on unknown callees";
  case NoVerdict::Suspended:
    return "held by coroutines that nobody in sight resumes";
  case NoVerdict::UntrackedCondition:
    return "depend on untracked conditions";
  case NoVerdict::UnequalBounds:
    return "depend on unknown sizes that may agree";
  case NoVerdict::LostHandle:
    return "used through untracked handles";
  case NoVerdict::OverBudget:
    return "over budget";
  case NoVerdict::Recursion:
    return "in deep recursion";
  case NoVerdict::NotReached:
    return "not reached";
  case NoVerdict::Unsupported:
    return "depend on unsupported constructs";
  }
  return "for other reasons";
}

JudgedPrimitive judged(const Story &story, const Coverage::Entry &entry) {
  JudgedPrimitive primitive;
  primitive.madeAt = story.place(entry.primitive.madeAt);
  primitive.noun = noun(entry.primitive.kind);
  primitive.judgement = entry.state == Coverage::State::Verified   ? Judgement::Verified
                        : entry.state == Coverage::State::Reported ? Judgement::Reported
                                                                   : Judgement::NoVerdict;
  if (primitive.judgement == Judgement::NoVerdict)
    primitive.why = reason(entry.why);
  primitive.reached =
      primitive.judgement != Judgement::NoVerdict || entry.why != NoVerdict::NotReached;
  return primitive;
}

/// Whether the options of the check let the verdict through.
bool lets(const CheckInfo &check, const Story &story, const JudgeOptions &options) {
  if (!story.definite() && (options.onlyDefinite || options.options.isOn(check, onlyDefinite)))
    return false;
  return !check.wanted || check.wanted(story, options.options);
}

/// What a finding needs to be weighed against what linking shows.
void tellScope(const skeleton::Program &program, const Story &story, Finding &finding) {
  const analysis::Verdict &verdict = story.judged();
  if (verdict.unexplored || verdict.ofClass)
    return;
  finding.scope = program.functions[verdict.scope].key;
  for (const analysis::PrimitiveRef &subject : story.subjects())
    finding.about.push_back(story.place(subject.madeAt));
}

std::optional<Finding> word(const Story &story, const JudgeOptions &options) {
  const CheckInfo *check = findCheck(causeOf(story));
  if (!check || !check->message || !options.enabled(check->id) || !lets(*check, story, options))
    return std::nullopt;
  Finding finding;
  finding.check = check->id.str();
  finding.severity = check->severity;
  finding.definite = story.definite();
  finding.message = check->message(story);
  finding.at = story.place(placeOf(story));
  finding.notes = story.notes();
  finding.flows = story.flows();
  finding.arrows = story.arrows();
  return finding;
}

/// Units that are joined were explored one by one before: so many of them have once more the budget
/// of one.
constexpr uint64_t UnitsPerBudget = 10;

using Sites = std::set<skeleton::InstructionRef>;

void addSubjects(const Story &story, Sites &sites) {
  for (const analysis::PrimitiveRef &each : story.subjects())
    sites.insert(each.makeSite);
}

/// The primitives that the tasks of a verdict wait for, besides its subjects.
Sites allSites(const Story &story) {
  Sites sites;
  addSubjects(story, sites);
  for (const analysis::TaskRef &task : story.judged().tasks)
    for (const analysis::PrimitiveRef &each : task.on)
      sites.insert(each.makeSite);
  return sites;
}

/// A primitive whose defect no check has a name for was not reported to anybody.
void takeBack(const Sites &unnamed, const Coverage::Entry &entry, JudgedPrimitive &primitive) {
  if (primitive.judgement != Judgement::Reported || !unnamed.count(entry.primitive.makeSite))
    return;
  primitive.judgement = Judgement::NoVerdict;
  primitive.why = "misused in a way no check names";
}

/// A program that is judged, with what its findings word.
class ProgramJudge {
public:
  ProgramJudge(const skeleton::Program &program, const JudgeOptions &options)
      : program(program), options(options), result(analysis::analyze(program, settings(options))) {
    wordFindings();
    countPrimitives();
    noteExplored();
  }

  findings::UnitReport report;
  void repair(SourceUnit &unit) {
    if (options.reparser)
      addRepairs(unit, *options.reparser, program, result, repairable, report.findings);
  }

private:
  static analysis::Options settings(const JudgeOptions &options);
  const JudgeOptions &settingsOf(const analysis::Verdict &verdict) const {
    return options.settingsOf ? options.settingsOf(verdict.scope) : options;
  }
  void wordFindings();
  void countPrimitives();
  void noteExplored();

  const skeleton::Program &program;
  const JudgeOptions &options;
  analysis::Result result;
  std::vector<Worded> repairable;
  std::vector<Told> told;
  Sites named, unnamed;
};

analysis::Options ProgramJudge::settings(const JudgeOptions &options) {
  analysis::Options settings = analysisSettings(options.options);
  settings.widened = options.widened;
  settings.ordersOfEntries = settings.ordersOfEntries && options.orders;
  settings.stepsPerUnit += settings.stepsPerUnit / UnitsPerBudget * (options.units - 1);
  return settings;
}

void ProgramJudge::wordFindings() {
  for (size_t index = 0; index < result.verdicts.size(); ++index) {
    Story story(program, result.verdicts[index]);
    addSubjects(story, causeOf(story).empty() ? unnamed : named);
    std::optional<Finding> finding = word(story, settingsOf(result.verdicts[index]));
    if (!finding)
      continue;
    tellScope(program, story, *finding);
    if (options.account)
      told.push_back({allSites(story), *finding});
    if (options.options.isOn(*findCheck(finding->check), fixes))
      repairable.push_back({report.findings.size(), index});
    report.findings.push_back(std::move(*finding));
  }
}

void ProgramJudge::countPrimitives() {
  for (const skeleton::InstructionRef &site : named)
    unnamed.erase(site);
  analysis::Verdict none;
  for (const Coverage::Entry &entry : result.coverage.primitives) {
    JudgedPrimitive &primitive =
        report.primitives.emplace_back(judged(Story(program, none), entry));
    takeBack(unnamed, entry, primitive);
    if (options.account)
      giveAccount(program, result.coverage, entry, told, primitive);
  }
}

void ProgramJudge::noteExplored() {
  if (options.widened)
    for (const analysis::Scope &scope : result.coverage.scopes)
      if (scope.whole)
        report.explored.push_back(program.functions[scope.entry].key);
}

} // namespace

findings::UnitReport judgeProgram(const skeleton::Program &program, const JudgeOptions &options) {
  ProgramJudge judge(program, options);
  if (options.forLinking)
    judge.report.skeleton = linkableText(program);
  return std::move(judge.report);
}

findings::UnitReport judgeUnit(clang::ASTContext &context, const models::Models &models,
                               const JudgeOptions &options) {
  frontend::Unit read =
      frontend::buildUnit(context, models, frontendSettings(options.options, options.base));
  ProgramJudge judge(read.program, options);
  judge.report.misdeclared = std::move(read.misdeclared);
  SourceUnit unit(context, models, options.base, options.options);
  judge.repair(unit);
  for (const CheckInfo *check : catalogue())
    if (check->inspect && context.getLangOpts().CPlusPlus && options.enabled(check->id))
      check->inspect(unit, judge.report.findings);
  if (options.forLinking)
    judge.report.skeleton = linkableText(read.program, homesIn(unit));
  return std::move(judge.report);
}

llvm::Expected<skeleton::Program> readSkeleton(llvm::StringRef text, llvm::StringRef name) {
  return skeleton::readText(text, name);
}

std::string skeletonText(const skeleton::Program &program, SkeletonForm form) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (form == SkeletonForm::Dot)
    skeleton::printDot(program, out);
  else
    skeleton::printText(program, out);
  return text;
}

std::string skeletonText(clang::ASTContext &context, const models::Models &models,
                         const JudgeOptions &options, SkeletonForm form) {
  frontend::FrontendOptions settings = frontendSettings(options.options, options.base);
  return skeletonText(frontend::buildProgram(context, models, settings), form);
}

} // namespace sluice::checker::checks
