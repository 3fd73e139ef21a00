// Proposes that a blocked operation ends with a context.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/ContextsInReach.h"
#include "checks/repair/Recipes.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/StmtCXX.h"

#include <algorithm>

namespace sluice::checker::checks {
namespace {

using namespace clang;
using analysis::TaskRef;
using models::Effect;

constexpr size_t contextsTried = 2;

/// A blocked call, and the ways to change it.
class Operation {
public:
  Operation(Scene &scene, const Spot &spot)
      : scene(scene), spot(spot), call(spot.as<CallExpr>()), model(scene.unit.modelOf(call)),
        begin(scene.offset(call->getBeginLoc())), close(scene.offset(call->getRParenLoc())) {}

  void propose(const ReachableContext &context, Effect effect, std::vector<Proposal> &proposals);

private:
  void proposeSend(const ReachableContext &context, std::vector<Proposal> &proposals);
  void proposeReceive(const ReachableContext &context, std::vector<Proposal> &proposals);
  void proposeArm(const ReachableContext &context, std::vector<Proposal> &proposals);
  void offer(const ReachableContext &context, std::vector<TextEdit> edits, const std::string &shown,
             std::vector<Proposal> &proposals);
  bool hasUntil(Effect effect) const;
  bool isStatement() const;
  bool mayReturn() const;
  const Stmt *parent() const;
  std::string arm(const ReachableContext &context) const;
  std::optional<TextEdit> caseFor(const SwitchStmt *choice, unsigned number) const;

  Scene &scene;
  const Spot &spot;
  const CallExpr *call;
  const models::CallModel *model;
  std::optional<unsigned> begin;
  std::optional<unsigned> close;
};

bool isTransparent(const Stmt *node) {
  return llvm::isa<ParenExpr, FullExpr, ImplicitCastExpr, MaterializeTemporaryExpr,
                   CXXBindTemporaryExpr>(node);
}

/// The nearest statement around the call that is not only a wrapping of it.
const Stmt *Operation::parent() const {
  for (size_t index = spot.path.size() - 1; index-- > 0;) {
    const auto *node = spot.path[index].get<Stmt>();
    if (!node || !isTransparent(node))
      return node;
  }
  return nullptr;
}

/// Whether the call is a statement that another statement can take the place of.
bool Operation::isStatement() const {
  const Stmt *around = parent();
  if (const auto *loop = llvm::dyn_cast_or_null<ForStmt>(around))
    return loop->getBody()->getBeginLoc() == call->getBeginLoc();
  if (const auto *loop = llvm::dyn_cast_or_null<CXXForRangeStmt>(around))
    return loop->getBody()->getBeginLoc() == call->getBeginLoc();
  return llvm::isa_and_nonnull<CompoundStmt>(around);
}

bool Operation::mayReturn() const {
  size_t index = spot.functionIndex();
  if (index >= spot.path.size())
    return false;
  if (const auto *lambda = spot.path[index].get<LambdaExpr>())
    return lambda->getCallOperator()->getReturnType()->isVoidType();
  return spot.path[index].get<FunctionDecl>()->getReturnType()->isVoidType();
}

/// Whether the library has the same call with a context that ends it.
bool Operation::hasUntil(Effect effect) const {
  const auto calls = scene.unit.models.callsWith(effect);
  return std::any_of(calls.begin(), calls.end(), [&](const models::CallModel *other) {
    return other->name == model->name && stepOf(other, effect)->flags == models::UntilStep;
  });
}

void Operation::offer(const ReachableContext &context, std::vector<TextEdit> edits,
                      const std::string &shown, std::vector<Proposal> &proposals) {
  edits.insert(edits.end(), context.captures.begin(), context.captures.end());
  proposals.push_back(
      {"let it end with '" + context.text + "': '" + shown + "'", std::move(edits)});
}

void Operation::proposeSend(const ReachableContext &context, std::vector<Proposal> &proposals) {
  if (!hasUntil(Effect::Send) || !isStatement() || !mayReturn() || call->getNumArgs() == 0 ||
      llvm::isa<CXXDefaultArgExpr>(call->getArg(0)))
    return;
  std::string added = ", " + context.text;
  std::string inner = scene.source().slice(*begin, *close).str();
  offer(context,
        {{*begin, *begin, "if (!"},
         {*close, *close, added},
         {*close + 1, *close + 1, ")\n" + scene.indent(*begin) + "  return"}},
        "if (!" + inner + added + ")) return", proposals);
}

class TestFinder : public RecursiveASTVisitor<TestFinder> {
public:
  TestFinder(SourceUnit &unit, const VarDecl *variable) : unit(unit), variable(variable) {}
  bool VisitCXXMemberCallExpr(CXXMemberCallExpr *test) {
    const auto *object =
        llvm::dyn_cast<DeclRefExpr>(test->getImplicitObjectArgument()->IgnoreParenImpCasts());
    found |=
        object && object->getDecl() == variable && stepOf(unit.modelOf(test), Effect::HasValue);
    return !found;
  }
  bool found = false;

private:
  SourceUnit &unit;
  const VarDecl *variable;
};

/// Whether the code looks at the result before it uses it, as it must when nothing was received.
bool isTested(Scene &scene, const Spot &spot) {
  for (size_t index = spot.path.size() - 1; index-- > 0;) {
    const DynTypedNode &node = spot.path[index];
    if (const auto *test = node.get<CXXMemberCallExpr>())
      return stepOf(scene.unit.modelOf(test), Effect::HasValue);
    if (const auto *variable = node.get<VarDecl>()) {
      TestFinder finder(scene.unit, variable);
      finder.TraverseStmt(const_cast<CompoundStmt *>(spot.body()));
      return finder.found;
    }
    const auto *statement = node.get<Stmt>();
    if (statement && !isTransparent(statement) &&
        !llvm::isa<MemberExpr, CXXConstructExpr>(statement))
      return false;
  }
  return false;
}

void Operation::proposeReceive(const ReachableContext &context, std::vector<Proposal> &proposals) {
  if (!hasUntil(Effect::Receive) || !(isStatement() || isTested(scene, spot)))
    return;
  bool bare = call->getNumArgs() == 0 || llvm::isa<CXXDefaultArgExpr>(call->getArg(0));
  std::string added = (bare ? "" : ", ") + context.text;
  offer(context, {{*close, *close, added}},
        scene.source().slice(*begin, *close).str() + added + ")", proposals);
}

/// "sluice::on_recv(ctx.done())", in the names of the library of the select; empty if it has none.
std::string Operation::arm(const ReachableContext &context) const {
  for (const models::CallModel *receive : scene.unit.models.callsWith(Effect::ArmReceive))
    for (const models::CallModel *done : scene.unit.models.callsWith(Effect::ContextDone))
      if (splitName(receive->name).first == splitName(model->name).first &&
          splitName(done->name).first == context.type)
        return receive->name + "(" + context.text + "." + splitName(done->name).second.str() +
               "())";
  return "";
}

std::optional<TextEdit> Operation::caseFor(const SwitchStmt *choice, unsigned number) const {
  const auto *body = llvm::dyn_cast<CompoundStmt>(choice->getBody());
  std::optional<unsigned> brace = body ? scene.offset(body->getRBracLoc()) : std::nullopt;
  for (const SwitchCase *each = choice->getSwitchCaseList(); each; each = each->getNextSwitchCase())
    if (llvm::isa<DefaultStmt>(each))
      return std::nullopt;
  if (!brace)
    return std::nullopt;
  std::string blanks = scene.indent(*brace);
  return TextEdit{*brace, *brace,
                  "case " + std::to_string(number) + ":\n" + blanks + "  return;\n" + blanks};
}

void Operation::proposeArm(const ReachableContext &context, std::vector<Proposal> &proposals) {
  std::string added = arm(context);
  if (added.empty() || !mayReturn() || call->getNumArgs() == 0)
    return;
  unsigned number = call->getNumArgs();
  while (number > 0 && llvm::isa<CXXDefaultArgExpr>(call->getArg(number - 1)))
    --number;
  std::vector<TextEdit> edits = {{*close, *close, ", " + added}};
  if (isStatement()) {
    edits.push_back({*begin, *begin, "if ("});
    edits.push_back({*close + 1, *close + 1,
                     " == " + std::to_string(number) + ")\n" + scene.indent(*begin) + "  return"});
  } else if (const auto *choice = llvm::dyn_cast_or_null<SwitchStmt>(parent())) {
    std::optional<TextEdit> handled = caseFor(choice, number);
    if (!handled)
      return;
    edits.push_back(*handled);
  } else {
    return;
  }
  offer(context, std::move(edits), added, proposals);
}

void Operation::propose(const ReachableContext &context, Effect effect,
                        std::vector<Proposal> &proposals) {
  if (!begin || !close || !model)
    return;
  if (effect == Effect::Send)
    proposeSend(context, proposals);
  else if (effect == Effect::Receive)
    proposeReceive(context, proposals);
  else
    proposeArm(context, proposals);
}

} // namespace

void proposeCancellation(Scene &scene, std::vector<Proposal> &proposals) {
  const TaskRef *task = scene.story.culprit();
  if (!task || !task->blocked)
    return;
  for (Effect effect : {Effect::Send, Effect::Receive, Effect::Select}) {
    const Spot *spot = scene.call(task->blockedAt, effect);
    if (!spot || stepOf(scene.unit.modelOf(spot->as<CallExpr>()), effect)->flags != 0)
      continue;
    std::vector<ReachableContext> contexts = contextsInReach(scene, *spot);
    if (contexts.size() > contextsTried)
      contexts.resize(contextsTried);
    for (const ReachableContext &context : contexts)
      Operation(scene, *spot).propose(context, effect, proposals);
    return;
  }
}

} // namespace sluice::checker::checks
