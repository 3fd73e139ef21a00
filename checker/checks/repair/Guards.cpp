// Recognises guards by their models.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/repair/Guards.h"

#include "clang/AST/ExprCXX.h"
#include "clang/AST/RecursiveASTVisitor.h"

namespace sluice::checker::checks {

using namespace clang;
using models::Effect;
using models::Role;

namespace {

bool isGuardRole(Role role) {
  return role == Role::Guard || role == Role::MovableGuard || role == Role::MultiGuard;
}

/// The one lock that a constructor of a guard takes.
const Expr *lockTakenBy(Scene &scene, const CXXConstructExpr *made) {
  const models::CallModel *model = scene.unit.modelOfConstructor(made);
  const models::Step *step = stepOf(model, Effect::MakeGuard);
  if (!step)
    step = stepOf(model, Effect::MakeMultiGuard);
  if (!step || step->flags != 0 || made->getNumArgs() == 0)
    return nullptr;
  for (unsigned index = 1; index < made->getNumArgs(); ++index)
    if (!llvm::isa<CXXDefaultArgExpr>(made->getArg(index)))
      return nullptr;
  return made->getArg(0);
}

class NameFinder : public RecursiveASTVisitor<NameFinder> {
public:
  explicit NameFinder(const ValueDecl *wanted) : wanted(wanted) {}
  bool VisitDeclRefExpr(DeclRefExpr *reference) {
    found |= reference->getDecl() == wanted;
    return !found;
  }
  bool found = false;

private:
  const ValueDecl *wanted;
};

} // namespace

std::optional<Guard> guardOf(Scene &scene, const Stmt *statement) {
  const auto *declaration = llvm::dyn_cast_or_null<DeclStmt>(statement);
  if (!declaration || !declaration->isSingleDecl())
    return std::nullopt;
  const auto *variable = llvm::dyn_cast<VarDecl>(declaration->getSingleDecl());
  if (!variable || !variable->getInit() || variable->getType()->isDependentType())
    return std::nullopt;
  const models::TypeModel *type = scene.unit.types.model(variable->getType());
  const auto *made = llvm::dyn_cast<CXXConstructExpr>(variable->getInit()->IgnoreImplicit());
  if (!type || !made || !isGuardRole(type->role))
    return std::nullopt;
  const Expr *lock = lockTakenBy(scene, made);
  return lock ? std::optional(Guard{variable, lock, type}) : std::nullopt;
}

bool names(const Stmt *statement, const ValueDecl *variable) {
  NameFinder finder(variable);
  finder.TraverseStmt(const_cast<Stmt *>(statement));
  return finder.found;
}

} // namespace sluice::checker::checks
