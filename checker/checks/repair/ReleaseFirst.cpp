// Proposes to release a lock before the operation that blocks under it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Guards.h"
#include "checks/repair/Recipes.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/AST/Stmt.h"
#include "clang/Basic/SourceManager.h"

#include <algorithm>

namespace sluice::checker::checks {
namespace {

using namespace clang;
using analysis::TaskRef;
using models::Effect;
using models::Representation;
using models::Role;
using skeleton::Opcode;

constexpr Effect blockingEffects[] = {
    Effect::Send,    Effect::Receive,   Effect::Select,    Effect::CounterWait, Effect::Join,
    Effect::Acquire, Effect::WaitEvent, Effect::FutureGet, Effect::FutureWait,  Effect::GroupWait};

/// The task that blocks while it holds the lock that the finding is about.
const TaskRef *holder(const Story &story) {
  const TaskRef *culprit = story.culprit();
  if (!culprit || culprit->operation != Opcode::Lock || story.subjects().empty())
    return nullptr;
  const TaskRef *owner = story.blockedOwner(story.subjects().front());
  return owner && owner != culprit && owner->operation != Opcode::Lock ? owner : nullptr;
}

const Spot *blockingCall(Scene &scene, const TaskRef &task) {
  for (Effect effect : blockingEffects)
    if (const Spot *found = scene.call(task.blockedAt, effect))
      return found;
  return nullptr;
}

/// Looks for what a lock may guard: all state that outlives the function, but for primitives that
/// are only operated on.
class StateFinder : public RecursiveASTVisitor<StateFinder> {
public:
  StateFinder(Scene &scene, const CallExpr *allowed) : scene(scene), allowed(allowed) {}

  bool VisitMemberExpr(MemberExpr *member) {
    if (!llvm::isa<FieldDecl>(member->getMemberDecl()))
      return true;
    bool own = llvm::isa<CXXThisExpr>(member->getBase()->IgnoreParenImpCasts());
    found |= !own || !isPrimitive(member->getType());
    return true;
  }
  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    const auto *variable = llvm::dyn_cast<VarDecl>(reference->getDecl());
    if (!variable)
      return true;
    bool shared = variable->hasGlobalStorage() || variable->getType()->isReferenceType() ||
                  variable->getType()->isPointerType();
    found |= shared && !isPrimitive(variable->getType());
    return true;
  }
  bool VisitCallExpr(CallExpr *call) {
    found |= call != allowed;
    return true;
  }
  bool VisitCXXConstructExpr(CXXConstructExpr *made) {
    found |= !made->getConstructor()->isImplicit() &&
             !made->getConstructor()->isCopyOrMoveConstructor() &&
             !scene.unit.modelOfConstructor(made) && made->getNumArgs() != 0;
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr *) {
    found = true;
    return true;
  }
  bool found = false;

private:
  bool isPrimitive(QualType type) {
    const models::TypeModel *model = scene.unit.types.model(type.getNonReferenceType());
    if (!model)
      return false;
    return model->representation() == Representation::Primitive || model->role == Role::Channel ||
           model->role == Role::SendHandle || model->role == Role::ReceiveHandle ||
           model->role == Role::TaskGroup || model->role == Role::SharedFuture;
  }

  Scene &scene;
  const CallExpr *allowed;
};

bool touchesState(Scene &scene, const Stmt *statement, const CallExpr *allowed) {
  StateFinder finder(scene, allowed);
  finder.TraverseStmt(const_cast<Stmt *>(statement));
  return finder.found;
}

/// Whether anything assigns to a field after its object is made: a lock may guard the handle.
class AssignmentFinder : public RecursiveASTVisitor<AssignmentFinder> {
public:
  explicit AssignmentFinder(const ValueDecl *field) : field(field) {}
  bool VisitCXXOperatorCallExpr(CXXOperatorCallExpr *call) {
    const auto *target = call->isAssignmentOp()
                             ? llvm::dyn_cast<MemberExpr>(call->getArg(0)->IgnoreParenImpCasts())
                             : nullptr;
    found |= target && target->getMemberDecl() == field;
    return !found;
  }
  bool found = false;

private:
  const ValueDecl *field;
};

bool isReassigned(Scene &scene, const CallExpr *operation) {
  const auto *method = llvm::dyn_cast<CXXMemberCallExpr>(operation);
  const auto *object =
      method
          ? llvm::dyn_cast<MemberExpr>(method->getImplicitObjectArgument()->IgnoreParenImpCasts())
          : nullptr;
  const auto *field = object ? llvm::dyn_cast<FieldDecl>(object->getMemberDecl()) : nullptr;
  if (!field)
    return false;
  AssignmentFinder finder(field);
  for (Decl *declaration : scene.unit.topLevel())
    finder.TraverseDecl(declaration);
  return finder.found;
}

/// The operation, and where it stands.
struct Blocking {
  const CallExpr *call = nullptr;
  BlockPosition at;
  unsigned begin = 0; ///< of its statement
  std::string noun;
  std::string lock; ///< in quotes
};

/// Whether the statement does nothing but the operation.
bool isWholeStatement(const Blocking &op) {
  const auto *expression = llvm::dyn_cast<Expr>(op.at.statement());
  while (const auto *cast = llvm::dyn_cast_or_null<CStyleCastExpr>(expression))
    expression = cast->getSubExpr();
  return expression && expression->IgnoreImplicit() == op.call;
}

bool isPlainReturn(Scene &scene, const Stmt *statement) {
  const auto *back = llvm::dyn_cast<ReturnStmt>(statement);
  return back && (!back->getRetValue() || !touchesState(scene, back->getRetValue(), nullptr));
}

/// Whether the block holds nothing from `by` places after the operation on that needs the lock.
bool nothingFollows(Scene &scene, const Blocking &op, int by) {
  const Stmt *next = op.at.neighbour(by);
  return !next || (isPlainReturn(scene, next) && !op.at.neighbour(by + 1));
}

std::optional<std::string> unlockOf(Scene &scene, const Guard &guard) {
  for (const models::CallModel *call : scene.unit.models.callsWith(Effect::GuardUnlock)) {
    auto [owner, method] = splitName(call->name);
    if (owner == guard.type->name)
      return guard.variable->getNameAsString() + "." + method.str() + "()";
  }
  return std::nullopt;
}

void proposeUnlock(Scene &scene, const Blocking &op, const std::string &unlock,
                   std::vector<Proposal> &proposals) {
  proposals.push_back({"release " + op.lock + " before the " + op.noun + ": '" + unlock + "'",
                       {{op.begin, op.begin, unlock + ";\n" + scene.indent(op.begin)}}});
}

/// Edits that put the text from `begin` to `end` into a block of its own.
std::vector<TextEdit> wrapped(Scene &scene, unsigned begin, unsigned end) {
  std::string blanks = scene.indent(begin);
  std::vector<TextEdit> edits = {{begin, begin, "{\n" + blanks + "  "}};
  llvm::StringRef source = scene.source();
  for (size_t line = source.find('\n', begin); line < end; line = source.find('\n', line + 1))
    if (source[line + 1] != '\n')
      edits.push_back({static_cast<unsigned>(line + 1), static_cast<unsigned>(line + 1), "  "});
  edits.push_back({end, end, "\n" + blanks + "}"});
  return edits;
}

bool declares(const Stmt *statement) { return llvm::isa<DeclStmt>(statement); }

/// Ends the guard's scope before the operation. What is declared in between would end with it.
void proposeBlock(Scene &scene, const Blocking &op, const Guard &guard, size_t index,
                  std::vector<Proposal> &proposals) {
  const Stmt *first = *(op.at.block->body_begin() + index);
  const Stmt *last = op.at.neighbour(-1);
  std::optional<unsigned> begin = scene.offset(first->getBeginLoc());
  std::optional<unsigned> end = scene.endOfStatement(last);
  for (size_t between = index + 1; between < op.at.index; ++between)
    if (declares(*(op.at.block->body_begin() + between)))
      return;
  // A guard with nothing under it but the operation orders operations; that is no mistake to mend.
  if (first == last || !begin || !end || scene.source().slice(*begin, *end).contains("R\""))
    return;
  proposals.push_back(
      {"end the scope of '" + guard.variable->getNameAsString() + "' before the " + op.noun,
       wrapped(scene, *begin, *end)});
}

bool proposeForGuard(Scene &scene, const Blocking &op, std::vector<Proposal> &proposals) {
  for (size_t index = op.at.index; index-- > 0;) {
    std::optional<Guard> guard = guardOf(scene, *(op.at.block->body_begin() + index));
    if (!guard)
      continue;
    if (!nothingFollows(scene, op, 1))
      return true;
    if (std::optional<std::string> unlock = unlockOf(scene, *guard))
      proposeUnlock(scene, op, *unlock, proposals);
    else
      proposeBlock(scene, op, *guard, index, proposals);
    return true;
  }
  return false;
}

/// The call of a lock's method that a statement consists of.
const CallExpr *callThat(Scene &scene, const Stmt *statement, Effect effect) {
  const auto *expression = llvm::dyn_cast_or_null<Expr>(statement);
  const auto *call =
      expression ? llvm::dyn_cast<CXXMemberCallExpr>(expression->IgnoreImplicit()) : nullptr;
  return call && stepOf(scene.unit.modelOf(call), effect) ? call : nullptr;
}

/// A lock that is released by hand right after the operation is released right before it.
void proposeEarlier(Scene &scene, const Blocking &op, std::vector<Proposal> &proposals) {
  const Stmt *next = op.at.neighbour(1);
  const CallExpr *unlock = callThat(scene, next, Effect::Unlock);
  if (!unlock)
    unlock = callThat(scene, next, Effect::GuardUnlock);
  if (!unlock)
    return;
  std::optional<unsigned> begin = scene.endOfStatement(op.at.statement());
  std::optional<unsigned> end = scene.endOfStatement(next);
  std::optional<unsigned> from = scene.offset(next->getBeginLoc());
  std::string text = scene.text(unlock->getSourceRange());
  if (!begin || !end || !from || text.empty() ||
      !scene.source().slice(*begin, *from).trim().empty())
    return;
  proposeUnlock(scene, op, text, proposals);
  proposals.back().edits.push_back({*begin, *end, ""});
}

} // namespace

void proposeReleaseFirst(Scene &scene, std::vector<Proposal> &proposals) {
  const TaskRef *task = holder(scene.story);
  const Spot *spot = task ? blockingCall(scene, *task) : nullptr;
  std::optional<BlockPosition> at = spot ? scene.position(*spot) : std::nullopt;
  std::optional<unsigned> begin = at ? scene.offset(at->statement()->getBeginLoc()) : std::nullopt;
  if (!begin)
    return;
  Blocking op{spot->as<CallExpr>(), *at, *begin, operationNoun(task->operation),
              scene.story.subject()};
  if (!isWholeStatement(op) || touchesState(scene, op.at.statement(), op.call) ||
      isReassigned(scene, op.call))
    return;
  if (!proposeForGuard(scene, op, proposals))
    proposeEarlier(scene, op, proposals);
}

} // namespace sluice::checker::checks
