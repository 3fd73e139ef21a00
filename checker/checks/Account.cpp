// Words how a primitive was judged.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Account.h"

#include "checks/Story.h"
#include "findings/CheckGlobs.h"

#include "llvm/ADT/StringExtras.h"

namespace sluice::checker::checks {

using analysis::Coverage;
using analysis::NoVerdict;
using analysis::Scope;
using findings::Judgement;

namespace {

std::string shown(const findings::Place &at) {
  if (!at.valid())
    return "";
  return at.path + ":" + std::to_string(at.span.line) + ":" + std::to_string(at.span.column) + ": ";
}

std::string whole(NoVerdict why, const std::string &detail) {
  auto with = [&](const std::string &text) {
    return detail.empty() ? text : text + ": '" + detail + "'";
  };
  switch (why) {
  case NoVerdict::Escapes:
    return "code out of sight may know it, and may use it";
  case NoVerdict::UnknownCallee:
    return with("it is handed to code out of sight, which may use it");
  case NoVerdict::Suspended:
    return "a suspended coroutine holds it, and code out of sight resumes that";
  case NoVerdict::UntrackedCondition:
    return "a task may wait for it for ever, depending on a condition that is not tracked";
  case NoVerdict::UnequalBounds:
    return "what was found holds only if two sizes or counts from outside differ";
  case NoVerdict::LostHandle:
    return "an operation on a handle that could not be followed may be on it";
  case NoVerdict::OverBudget:
    return detail.empty() ? "the budget of its scope ran out"
                          : "the budget of its scope ran out: " + detail;
  case NoVerdict::Recursion:
    return with("a function of its scope calls itself too deeply");
  case NoVerdict::NotReached:
    return "no function that was explored makes it";
  case NoVerdict::Unsupported:
    return with("its scope holds a construct that is not understood");
  }
  return "for another reason";
}

std::string judgement(const Coverage::Entry &entry, const findings::JudgedPrimitive &primitive) {
  if (primitive.judgement == Judgement::Verified)
    return "verified: in no state can a task wait for it for ever";
  if (primitive.judgement == Judgement::Reported)
    return "reported";
  if (entry.state == Coverage::State::Reported)
    return "no verdict: " + primitive.why;
  return "no verdict: " + whole(entry.why, entry.detail);
}

/// "'n' as 0, 1 or 2, 'ready' both ways"; empty if nothing came from outside.
std::string assumptions(const Scope &scope) {
  std::vector<std::string> parts;
  for (const auto &[name, counts] : scope.assumed) {
    std::vector<std::string> numbers;
    for (int32_t each : counts)
      numbers.push_back(std::to_string(each));
    std::string part = name == "an outside value" ? name : "'" + name + "'";
    parts.push_back(part + (numbers.empty() ? " both ways" : " as " + llvm::join(numbers, ", ")));
  }
  return llvm::join(parts, "; ");
}

std::string judgedFrom(const skeleton::Program &program, const Scope &scope) {
  std::string line = "judged from '" + program.functions[scope.entry].display + "', " +
                     findings::counted(scope.states, "state");
  if (!scope.whole)
    line += ", not to the end";
  std::string outside = assumptions(scope);
  return outside.empty() ? line : line + ", taking " + outside;
}

void tell(const findings::Finding &finding, std::vector<std::string> &account) {
  account.push_back(std::string(finding.definite ? "definite" : "possible") + ": " +
                    shown(finding.at) + finding.message + " [" + findings::checkPrefix.str() +
                    finding.check + "]");
  for (const findings::Note &note : finding.notes)
    account.push_back("  " + shown(note.at) +
                      (note.number ? std::to_string(note.number) + ". " : "") + note.text);
}

} // namespace

void giveAccount(const skeleton::Program &program, const Coverage &coverage,
                 const Coverage::Entry &entry, const std::vector<Told> &findings,
                 findings::JudgedPrimitive &primitive) {
  primitive.title = noun(entry.primitive.kind);
  if (!entry.primitive.name.empty())
    primitive.title += " '" + entry.primitive.name + "'";
  primitive.account = {judgement(entry, primitive)};
  for (uint32_t scope : entry.scopes)
    primitive.account.push_back(judgedFrom(program, coverage.scopes[scope]));
  bool told = false;
  for (const Told &each : findings)
    if (each.about.count(entry.primitive.makeSite)) {
      tell(each.finding, primitive.account);
      told = true;
    }
  if (primitive.judgement == Judgement::Reported && !told)
    primitive.account.push_back("the check that would tell it is off");
}

} // namespace sluice::checker::checks
