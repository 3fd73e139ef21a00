// Words endless waits and lost cancel functions, and finds contexts that are never looked at.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/MissingCancellation.h"

#include "checks/SourceUnit.h"
#include "checks/Story.h"

#include "clang/AST/RecursiveASTVisitor.h"

namespace sluice::checker::checks {
namespace {

using analysis::Defect;
using models::Effect;
using models::Role;

std::string endlessWait(const Story &story) {
  std::vector<analysis::PrimitiveRef> contexts;
  for (const analysis::PrimitiveRef &subject : story.subjects())
    if (subject.kind == skeleton::PrimitiveKind::Context)
      contexts.push_back(subject);
  if (contexts.size() == story.subjects().size())
    return "wait for the end of " + story.subjectList() + ' ' + story.blocks() +
           ": nothing cancels " + (contexts.size() == 1 ? "it" : "them");
  return "select on " + story.subjectList() + ' ' + story.waits() + ": nothing cancels " +
         quotedList(contexts);
}

std::string message(const Story &story) {
  switch (story.judged().defect) {
  case Defect::UncalledCancel:
    return story.subject() +
           (story.definite() ? " is never called" : " is not called on every path");
  case Defect::NeverEnds:
    return story.taskName(story.judged().culprit) +
           (story.definite() ? " never ends" : " may never end") + ": nothing can stop it";
  default:
    return endlessWait(story);
  }
}

bool waits(Effect effect) {
  switch (effect) {
  case Effect::Send:
  case Effect::Receive:
  case Effect::Select:
  case Effect::SelectSpan:
  case Effect::SelectClauses:
  case Effect::Wait:
  case Effect::CounterWait:
  case Effect::GroupWait:
  case Effect::Acquire:
  case Effect::WaitEvent:
  case Effect::FutureGet:
  case Effect::FutureWait:
  case Effect::Join:
  case Effect::Sleep:
    return true;
  default:
    return false;
  }
}

bool isEndless(const clang::Expr *condition, const clang::ASTContext &context) {
  bool value = false;
  return !condition || (!condition->isValueDependent() &&
                        condition->EvaluateAsBooleanCondition(value, context) && value);
}

/// Whether a body holds an endless loop or a modelled call that may wait.
class LingerFinder : public clang::RecursiveASTVisitor<LingerFinder> {
public:
  explicit LingerFinder(SourceUnit &unit) : unit(unit) {}

  bool VisitWhileStmt(clang::WhileStmt *loop) { return !isEndless(loop->getCond(), unit.context); }
  bool VisitForStmt(clang::ForStmt *loop) { return !isEndless(loop->getCond(), unit.context); }
  bool VisitCallExpr(clang::CallExpr *call) {
    const models::CallModel *model = unit.modelOf(call);
    if (!model)
      return true;
    return llvm::none_of(model->steps, [](const models::Step &step) {
      return waits(step.effect) && !(step.flags & models::TryStep);
    });
  }

private:
  SourceUnit &unit;
};

bool isIgnoredContext(SourceUnit &unit, const clang::ParmVarDecl *parameter) {
  if (!parameter->getIdentifier() || parameter->isReferenced() || parameter->isUsed() ||
      parameter->hasAttr<clang::UnusedAttr>())
    return false;
  const models::TypeModel *model = unit.types.model(parameter->getType());
  return model && model->role == Role::Context;
}

/// The signature of an override, a callback or a template is not its author's to choose.
bool choosesItsSignature(const clang::FunctionDecl *function) {
  const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(function);
  return !(method && method->isVirtual()) && !function->isTemplateInstantiation() &&
         !function->isDependentContext();
}

class IgnoredContexts : public clang::RecursiveASTVisitor<IgnoredContexts> {
public:
  IgnoredContexts(SourceUnit &unit, std::vector<findings::Finding> &found)
      : unit(unit), found(found) {}

  bool VisitFunctionDecl(clang::FunctionDecl *function) {
    if (!function->doesThisDeclarationHaveABody() || !choosesItsSignature(function) ||
        !unit.isUserCode(function))
      return true;
    for (const clang::ParmVarDecl *parameter : function->parameters())
      if (isIgnoredContext(unit, parameter) &&
          !LingerFinder(unit).TraverseStmt(function->getBody()))
        report(function, parameter);
    return true;
  }

private:
  void report(const clang::FunctionDecl *function, const clang::ParmVarDecl *parameter) {
    findings::Finding finding;
    finding.check = missingCancellation.id.str();
    finding.severity = missingCancellation.severity;
    finding.definite = true;
    finding.message = "'" + function->getNameAsString() + "' takes the context '" +
                      parameter->getNameAsString() + "' but never looks at it";
    finding.at = unit.place(parameter->getLocation());
    finding.notes.push_back({finding.at,
                             "whoever cancels '" + parameter->getNameAsString() + "' expects '" +
                                 function->getNameAsString() + "' to return",
                             0});
    found.push_back(std::move(finding));
  }

  SourceUnit &unit;
  std::vector<findings::Finding> &found;
};

const OptionInfo ignoredContexts{"IgnoredContexts", OptionKind::Flag, "true",
                                 "also report contexts that are taken and never looked at"};
const OptionInfo uncalledCancels{"UncalledCancels", OptionKind::Flag, "true",
                                 "also report cancel functions that a path does not call"};

bool wanted(const Story &story, const CheckOptions &options) {
  return story.judged().defect != Defect::UncalledCancel ||
         options.isOn(missingCancellation, uncalledCancels);
}

void inspect(SourceUnit &unit, std::vector<findings::Finding> &found) {
  if (!unit.options.isOn(missingCancellation, ignoredContexts))
    return;
  IgnoredContexts visitor(unit, found);
  for (clang::Decl *declaration : unit.topLevel())
    visitor.TraverseDecl(declaration);
}

} // namespace

static const OptionInfo *const options[] = {&ignoredContexts, &onlyDefinite, &uncalledCancels};

const CheckInfo missingCancellation = {
    .id = "missing-cancellation",
    .summary = "a task, loop or wait that nothing can end, or a cancel function that is not called",
    .message = message,
    .inspect = inspect,
    .options = options,
    .wanted = wanted,
};

} // namespace sluice::checker::checks
