// Classifies each use of a channel handle by what surrounds it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/HandleUses.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

namespace sluice::checker::checks {
namespace {

using namespace clang;
using models::Effect;
using models::ModelOperand;
using models::Role;

enum class Direction : uint8_t { Neutral, Sends, Receives, Both };

Direction directionOf(Effect effect) {
  switch (effect) {
  case Effect::Send:
  case Effect::Close:
  case Effect::ArmSend:
    return Direction::Sends;
  case Effect::Receive:
  case Effect::ArmReceive:
  case Effect::Begin:
    return Direction::Receives;
  case Effect::Size:
  case Effect::IsEmpty:
  case Effect::HasValue:
  case Effect::Equal:
  case Effect::NotEqual:
  case Effect::Nothing:
    return Direction::Neutral;
  default:
    return Direction::Both;
  }
}

Direction joined(Direction a, Direction b) {
  if (a == Direction::Neutral || a == b)
    return b;
  return b == Direction::Neutral ? a : Direction::Both;
}

/// What a modelled call does with one of its operands, which stands first in a channel's step.
Direction directionIn(const models::CallModel &model, ModelOperand::Kind kind, unsigned index) {
  Direction direction = Direction::Neutral;
  for (const models::Step &step : model.steps)
    if (!step.operands.empty() && step.operands.front().kind == kind &&
        step.operands.front().index == index)
      direction = joined(direction, directionOf(step.effect));
  return direction;
}

/// Expressions that hand the same value on.
bool isTransparent(const Stmt *node) {
  return llvm::isa<ParenExpr, MaterializeTemporaryExpr, CXXBindTemporaryExpr, ExprWithCleanups,
                   ImplicitCastExpr, FullExpr>(node);
}

class UseVisitor : public RecursiveASTVisitor<UseVisitor> {
public:
  UseVisitor(SourceUnit &unit, llvm::function_ref<bool(const ValueDecl *)> wanted, HandleUses &uses)
      : unit(unit), wanted(wanted), uses(uses) {}

  bool TraverseStmt(Stmt *node) {
    if (!node)
      return true;
    ancestors.push_back(node);
    bool go = RecursiveASTVisitor::TraverseStmt(node);
    ancestors.pop_back();
    return go;
  }

  bool VisitDeclRefExpr(DeclRefExpr *use) {
    note(use, use->getDecl());
    return true;
  }
  bool VisitMemberExpr(MemberExpr *use) {
    note(use, use->getMemberDecl());
    return true;
  }

private:
  void note(const Expr *use, const ValueDecl *handle) {
    if (!wanted(handle))
      return;
    HandleUse &known = uses[handle];
    Direction direction = classify(use);
    known.sends |= direction == Direction::Sends;
    known.receives |= direction == Direction::Receives;
    known.unknown |= direction == Direction::Both;
    if (direction != Direction::Neutral && !known.first.valid())
      known.first = unit.place(use->getSourceRange());
  }

  /// Climbs from the use to the first node that says what becomes of the handle.
  Direction classify(const Expr *use) {
    const Stmt *below = use;
    for (size_t up = ancestors.size() - 1; up-- > 0; below = ancestors[up]) {
      const Stmt *above = ancestors[up];
      if (std::optional<Direction> converted = directionOfType(above))
        return *converted;
      if (isTransparent(above) || isCopy(above))
        continue;
      return judge(above, below, up);
    }
    return Direction::Both;
  }

  /// A conversion to one of the directed handles says it all.
  std::optional<Direction> directionOfType(const Stmt *node) {
    if (!llvm::isa<CXXConstructExpr, CastExpr>(node))
      return std::nullopt;
    const models::TypeModel *model = unit.types.model(llvm::cast<Expr>(node)->getType());
    if (model && model->role == Role::SendHandle)
      return Direction::Sends;
    if (model && model->role == Role::ReceiveHandle)
      return Direction::Receives;
    return std::nullopt;
  }

  bool isCopy(const Stmt *node) {
    const auto *construct = llvm::dyn_cast<CXXConstructExpr>(node);
    return construct && construct->getConstructor()->isCopyOrMoveConstructor();
  }

  Direction judge(const Stmt *above, const Stmt *below, size_t up) {
    if (const auto *member = llvm::dyn_cast<MemberExpr>(above))
      return up > 0 ? judgeMethod(member, ancestors[up - 1]) : Direction::Both;
    if (const auto *lambda = llvm::dyn_cast<LambdaExpr>(above))
      return judgeCapture(lambda, below);
    if (const auto *call = llvm::dyn_cast<CallExpr>(above))
      return judgeArgument(call, below);
    if (const auto *range = llvm::dyn_cast<CXXForRangeStmt>(above))
      return range->getRangeInit() == below ? Direction::Receives : Direction::Both;
    return Direction::Both;
  }

  Direction judgeMethod(const MemberExpr *member, const Stmt *parent) {
    const auto *call = llvm::dyn_cast<CXXMemberCallExpr>(parent);
    if (!call || call->getCallee()->IgnoreParens() != member)
      return Direction::Both;
    if (std::optional<Direction> converted = directionOfConversion(call))
      return *converted;
    const models::CallModel *model = unit.modelOf(call);
    return model ? directionIn(*model, ModelOperand::Kind::This, 0) : Direction::Both;
  }

  std::optional<Direction> directionOfConversion(const CXXMemberCallExpr *call) {
    const auto *conversion = llvm::dyn_cast_or_null<CXXConversionDecl>(call->getMethodDecl());
    if (!conversion)
      return std::nullopt;
    const models::TypeModel *model = unit.types.model(conversion->getConversionType());
    if (model && model->role == Role::SendHandle)
      return Direction::Sends;
    if (model && model->role == Role::ReceiveHandle)
      return Direction::Receives;
    return conversion->getConversionType()->isBooleanType() ? Direction::Neutral : Direction::Both;
  }

  /// A plain capture names the same handle again inside; its uses there are seen.
  Direction judgeCapture(const LambdaExpr *lambda, const Stmt *below) {
    auto init = lambda->capture_init_begin();
    for (const LambdaCapture &capture : lambda->captures()) {
      if (*init++ == below)
        return capture.capturesVariable() && !lambda->isInitCapture(&capture) ? Direction::Neutral
                                                                              : Direction::Both;
    }
    return Direction::Both;
  }

  Direction judgeArgument(const CallExpr *call, const Stmt *below) {
    const auto *operation = llvm::dyn_cast<CXXOperatorCallExpr>(call);
    const models::CallModel *model = unit.modelOf(call);
    if (!model || (operation && operation->isAssignmentOp()))
      return Direction::Both;
    // A member operator's object is written as its first argument.
    unsigned objects = operation && llvm::isa_and_nonnull<CXXMethodDecl>(call->getDirectCallee());
    for (unsigned index = 0; index < call->getNumArgs(); ++index) {
      if (call->getArg(index) != below)
        continue;
      return index < objects ? directionIn(*model, ModelOperand::Kind::This, 0)
                             : directionIn(*model, ModelOperand::Kind::Argument, index - objects);
    }
    return Direction::Both;
  }

  SourceUnit &unit;
  llvm::function_ref<bool(const ValueDecl *)> wanted;
  HandleUses &uses;
  std::vector<const Stmt *> ancestors;
};

} // namespace

void collectFunctionUses(SourceUnit &unit, FunctionDecl *function,
                         llvm::function_ref<bool(const ValueDecl *)> wanted, HandleUses &uses) {
  const FunctionDecl *definition = nullptr;
  if (!function->hasBody(definition) || definition->isImplicit() || definition->isDefaulted())
    return;
  UseVisitor visitor(unit, wanted, uses);
  if (const auto *constructor = llvm::dyn_cast<CXXConstructorDecl>(definition))
    for (const CXXCtorInitializer *init : constructor->inits())
      visitor.TraverseStmt(init->getInit());
  visitor.TraverseStmt(definition->getBody());
}

} // namespace sluice::checker::checks
