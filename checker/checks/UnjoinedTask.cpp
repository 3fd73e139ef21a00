// Words threads whose handles end too early, and finds futures that are thrown away.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/UnjoinedTask.h"

#include "checks/SourceUnit.h"
#include "checks/Story.h"

#include "clang/AST/RecursiveASTVisitor.h"

namespace sluice::checker::checks {

using namespace clang;

namespace {

std::string message(const Story &story) {
  const std::string &name = story.judged().subject;
  if (story.site() && (story.site()->flags & skeleton::Joinable))
    return "thread " + (name.empty() ? "" : "'" + name + "' ") +
           (story.definite() ? "is" : "can be") +
           " neither joined nor detached, and its resources are kept for ever";
  return "thread " + (name.empty() ? "" : "'" + name + "' ") +
         (story.definite() ? "is" : "can be") +
         " neither joined nor detached when its handle ends, which ends the program";
}

/// Statements that are a call whose future nobody keeps.
class DiscardedFutures : public RecursiveASTVisitor<DiscardedFutures> {
public:
  DiscardedFutures(SourceUnit &unit, std::vector<findings::Finding> &found)
      : unit(unit), found(found) {}

  bool shouldVisitTemplateInstantiations() const { return true; }

  bool TraverseDecl(Decl *declaration) {
    bool skip = declaration && !unit.mayHoldUserCode(declaration);
    return skip || RecursiveASTVisitor::TraverseDecl(declaration);
  }

  bool VisitCompoundStmt(CompoundStmt *body) {
    for (Stmt *s : body->body())
      look(s);
    return true;
  }
  bool VisitIfStmt(IfStmt *s) { return look(s->getThen()), look(s->getElse()), true; }
  bool VisitForStmt(ForStmt *s) { return look(s->getBody()), true; }
  bool VisitCXXForRangeStmt(CXXForRangeStmt *s) { return look(s->getBody()), true; }
  bool VisitWhileStmt(WhileStmt *s) { return look(s->getBody()), true; }

private:
  void look(Stmt *s) {
    auto *e = llvm::dyn_cast_or_null<Expr>(s);
    if (!e || e->isInstantiationDependent())
      return;
    e = e->IgnoreImplicit()->IgnoreParenCasts()->IgnoreImplicit();
    const models::CallModel *model = unit.modelOf(e);
    bool waits =
        model && llvm::any_of(model->steps, [](const models::Step &step) {
          return step.effect == models::Effect::SpawnResult && (step.flags & models::ThreadStep);
        });
    if (!waits)
      return;
    findings::Finding finding;
    finding.check = unjoinedTask.id.str();
    finding.severity = unjoinedTask.severity;
    finding.definite = true;
    finding.message = "the future of this task is thrown away, and its end waits for the task: "
                      "nothing runs at the same time";
    finding.at = unit.place(llvm::cast<CallExpr>(e)->getCallee()->getSourceRange());
    found.push_back(std::move(finding));
  }

  SourceUnit &unit;
  std::vector<findings::Finding> &found;
};

const OptionInfo discardedFutures{"DiscardedFutures", OptionKind::Flag, "true",
                                  "also report futures that are thrown away"};

void inspect(SourceUnit &unit, std::vector<findings::Finding> &found) {
  if (!unit.options.isOn(unjoinedTask, discardedFutures))
    return;
  DiscardedFutures visitor(unit, found);
  for (Decl *declaration : unit.topLevel())
    visitor.TraverseDecl(declaration);
}

} // namespace

static const OptionInfo *const options[] = {&discardedFutures, &onlyDefinite};

const CheckInfo unjoinedTask = {
    .id = "unjoined-task",
    .summary = "a thread that is neither joined nor detached, or a future that is thrown away",
    .message = message,
    .inspect = inspect,
    .options = options,
};

} // namespace sluice::checker::checks
