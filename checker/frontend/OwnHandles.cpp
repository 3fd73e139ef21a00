// Finds threads that hand their own handle on, so that others than who started them may join them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

#include "clang/AST/RecursiveASTVisitor.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// Goes through a function and all that it calls in sight.
class OwnHandleSearch : public RecursiveASTVisitor<OwnHandleSearch> {
public:
  explicit OwnHandleSearch(FunctionLowering &lowering) : lowering(lowering) {}

  bool search(const FunctionDecl *started) {
    called.push_back(started);
    while (!called.empty() && !found) {
      const FunctionDecl *definition = nullptr, *f = called.pop_back_val();
      if (f->hasBody(definition) && !lowering.unit.isCutOff(f) && seen.insert(definition).second)
        TraverseStmt(definition->getBody());
    }
    return found;
  }

  bool VisitCallExpr(CallExpr *call) {
    const FunctionDecl *callee = call->getDirectCallee();
    if (!callee)
      return true;
    if (does(call, models::Effect::OwnHandle)) {
      found |= !named.contains(call);
      return !found;
    }
    // To name the thread, or to ask whether it is another one, tells nobody of it.
    if (lowering.unit.isCutOff(callee) && !does(call, models::Effect::Detach))
      for (const Expr *argument : call->arguments())
        named.insert(argument->IgnoreParenImpCasts());
    called.push_back(callee);
    return true;
  }

private:
  bool does(const CallExpr *call, models::Effect effect) {
    std::optional<ModelledSite> site = lowering.siteOf(call);
    return site && llvm::any_of(site->model->steps,
                                [&](const models::Step &step) { return step.effect == effect; });
  }

  FunctionLowering &lowering;
  llvm::SmallVector<const FunctionDecl *> called;
  llvm::DenseSet<const FunctionDecl *> seen;
  llvm::DenseSet<const Expr *> named;
  bool found = false;
};

} // namespace

bool FunctionLowering::handsItselfOn(const Expr *started) {
  const auto *ref = llvm::dyn_cast<DeclRefExpr>(started->IgnoreParenCasts());
  if (const auto *address = llvm::dyn_cast<UnaryOperator>(started->IgnoreParenCasts()))
    ref = llvm::dyn_cast<DeclRefExpr>(address->getSubExpr()->IgnoreParenCasts());
  const auto *f = ref ? llvm::dyn_cast<FunctionDecl>(ref->getDecl()) : nullptr;
  return f && OwnHandleSearch(*this).search(f);
}
