// Tries proposals one after the other, within a budget of judgements.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Repairs.h"

#include "checks/Settings.h"
#include "checks/repair/Proof.h"
#include "checks/repair/Recipes.h"

#include "clang/Basic/SourceManager.h"

#include <algorithm>

namespace sluice::checker::checks {
namespace {

using findings::Finding;
using skeleton::Opcode;

/// Each judgement parses the unit again.
constexpr size_t proposalsPerFinding = 4;
constexpr unsigned judgementsPerUnit = 24;

constexpr void (*recipes[])(Scene &, std::vector<Proposal> &) = {
    proposeLockTogether, proposeReleaseFirst, proposeBuffer, proposeCloseAtEnd,
    proposeCancellation};

bool overlap(const TextEdit &a, const TextEdit &b) {
  return a != b && a.begin <= b.end && b.begin <= a.end;
}

/// Everything that the search for repairs of one unit holds.
class RepairSearch {
public:
  RepairSearch(SourceUnit &unit, const Reparser &reparser, const skeleton::Program &program,
               const analysis::Result &result, std::string base)
      : unit(unit), reparser(reparser), program(program), result(result), base(std::move(base)),
        before(outcomeOf(program, result)) {
    const clang::SourceManager &sources = unit.context.getSourceManager();
    clang::SourceLocation start = sources.getLocForStartOfFile(sources.getMainFileID());
    mainPath = unit.place(start).path;
    source = sources.getBufferData(sources.getMainFileID());
  }

  void repair(Finding &finding, size_t verdict);

private:
  bool proves(const std::vector<TextEdit> &edits, const std::set<size_t> &repaired);
  bool goesTogether(const Proposal &proposal, size_t verdict);
  findings::Fix fixOf(const Proposal &proposal) const;
  findings::Place place(const TextEdit &edit) const;

  SourceUnit &unit;
  const Reparser &reparser;
  const skeleton::Program &program;
  const analysis::Result &result;
  std::string base;
  Outcome before;
  std::string mainPath;
  llvm::StringRef source;
  unsigned judgements = 0;
  std::vector<TextEdit> accepted; ///< of all repairs so far, each once
  std::set<size_t> repaired;
};

bool RepairSearch::proves(const std::vector<TextEdit> &edits, const std::set<size_t> &gone) {
  if (++judgements > judgementsPerUnit)
    return false;
  EditedText edited(mainPath, source, edits);
  bool proved = false;
  auto judge = [&](clang::ASTContext &context) {
    skeleton::Program changed =
        frontend::buildProgram(context, unit.models, frontendSettings(unit.options, base));
    Outcome after = outcomeOf(changed, analysis::analyze(changed, analysisSettings(unit.options)));
    proved = isRepaired(before, after, gone, edited);
  };
  return reparser.parse(edited.text(), judge) && proved;
}

bool RepairSearch::goesTogether(const Proposal &proposal, size_t verdict) {
  std::vector<TextEdit> all = accepted;
  for (const TextEdit &edit : proposal.edits) {
    if (std::any_of(accepted.begin(), accepted.end(),
                    [&](const TextEdit &other) { return overlap(edit, other); }))
      return false;
    if (std::find(accepted.begin(), accepted.end(), edit) == accepted.end())
      all.push_back(edit);
  }
  std::set<size_t> gone = repaired;
  gone.insert(verdict);
  bool isProvedAlready = all.size() == proposal.edits.size();
  if (!isProvedAlready && !proves(all, gone))
    return false;
  accepted = std::move(all);
  repaired = std::move(gone);
  return true;
}

findings::Place RepairSearch::place(const TextEdit &edit) const {
  const clang::SourceManager &sources = unit.context.getSourceManager();
  clang::SourceLocation start = sources.getLocForStartOfFile(sources.getMainFileID());
  auto at = [&](unsigned offset) {
    return unit.place(start.getLocWithOffset(static_cast<int>(offset))).span;
  };
  skeleton::Span span = at(edit.begin), last = at(edit.end);
  span.endLine = last.line;
  span.endColumn = last.column;
  return {mainPath, span};
}

findings::Fix RepairSearch::fixOf(const Proposal &proposal) const {
  findings::Fix fix{proposal.description, true, {}};
  for (const TextEdit &edit : proposal.edits)
    fix.edits.push_back({place(edit), edit.text});
  return fix;
}

void RepairSearch::repair(Finding &finding, size_t verdict) {
  Story story(program, result.verdicts[verdict]);
  Scene scene(unit, story);
  std::vector<Proposal> proposals;
  for (auto *recipe : recipes)
    recipe(scene, proposals);
  if (proposals.size() > proposalsPerFinding)
    proposals.resize(proposalsPerFinding);
  for (Proposal &proposal : proposals) {
    std::sort(proposal.edits.begin(), proposal.edits.end());
    if (!proves(proposal.edits, {verdict}) || !goesTogether(proposal, verdict))
      continue;
    finding.fixes.push_back(fixOf(proposal));
    return;
  }
}

} // namespace

void addRepairs(SourceUnit &unit, const Reparser &reparser, const skeleton::Program &program,
                const analysis::Result &result, const std::vector<Worded> &worded,
                std::vector<Finding> &findings) {
  RepairSearch search(unit, reparser, program, result, unit.directory());
  for (const Worded &each : worded)
    search.repair(findings[each.finding], each.verdict);
}

} // namespace sluice::checker::checks
