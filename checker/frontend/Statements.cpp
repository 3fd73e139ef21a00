// Lowers statements other than loops and jumps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ModelledCall.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

void FunctionLowering::scoped(const Stmt *s) {
  size_t base = depth();
  statement(s);
  popCleanups(base);
}

void FunctionLowering::compound(llvm::ArrayRef<const Stmt *> parts) {
  for (const Stmt *s : parts)
    statement(s);
}

void FunctionLowering::statement(const Stmt *s) {
  if (!s || !understood)
    return;
  if (const auto *e = llvm::dyn_cast<Expr>(s))
    return effects(e);
  At place(*this, unit.span(s->getBeginLoc()));
  switch (s->getStmtClass()) {
  case Stmt::NullStmtClass:
    return;
  case Stmt::CompoundStmtClass: {
    size_t base = depth();
    for (const Stmt *part : llvm::cast<CompoundStmt>(s)->body())
      statement(part);
    At end(*this, unit.span(llvm::cast<CompoundStmt>(s)->getRBracLoc()));
    return popCleanups(base);
  }
  case Stmt::DeclStmtClass:
    for (const Decl *d : llvm::cast<DeclStmt>(s)->decls())
      if (const auto *v = llvm::dyn_cast<VarDecl>(d))
        declare(v);
    return;
  case Stmt::AttributedStmtClass:
    return statement(llvm::cast<AttributedStmt>(s)->getSubStmt());
  case Stmt::IfStmtClass:
    return lowerIf(llvm::cast<IfStmt>(s));
  case Stmt::ReturnStmtClass:
    return lowerReturn(llvm::cast<ReturnStmt>(s));
  case Stmt::WhileStmtClass:
    return lowerWhile(llvm::cast<WhileStmt>(s));
  case Stmt::DoStmtClass:
    return lowerDo(llvm::cast<DoStmt>(s));
  case Stmt::ForStmtClass:
    return lowerFor(llvm::cast<ForStmt>(s));
  case Stmt::CXXForRangeStmtClass:
    return lowerRangeFor(llvm::cast<CXXForRangeStmt>(s));
  case Stmt::SwitchStmtClass:
    return lowerSwitch(llvm::cast<SwitchStmt>(s));
  case Stmt::CaseStmtClass:
  case Stmt::DefaultStmtClass:
    return lowerCase(llvm::cast<SwitchCase>(s));
  case Stmt::BreakStmtClass:
  case Stmt::ContinueStmtClass: {
    auto &exits = s->getStmtClass() == Stmt::BreakStmtClass ? breaks : continues;
    if (exits.empty())
      return unsupported("a jump out of a statement expression");
    runCleanups(exits.back().depth);
    return jump(exits.back().block);
  }
  case Stmt::CXXTryStmtClass:
    return lowerTry(llvm::cast<CXXTryStmt>(s));
  case Stmt::CoreturnStmtClass:
    return lowerCoreturn(llvm::cast<CoreturnStmt>(s));
  case Stmt::GotoStmtClass:
    return lowerGoto(llvm::cast<GotoStmt>(s));
  case Stmt::LabelStmtClass:
    return lowerLabel(llvm::cast<LabelStmt>(s));
  case Stmt::GCCAsmStmtClass:
  case Stmt::MSAsmStmtClass:
    return gap("assembly");
  default:
    return unsupported(s->getStmtClassName());
  }
}

/// `if (!switched()) { ...; call; end(); }`, where the model of `end` says `end-of-task`.
std::optional<std::pair<const CallExpr *, ModelledSite>>
FunctionLowering::calledInTask(const IfStmt *s) {
  const auto *body = llvm::dyn_cast<CompoundStmt>(s->getThen());
  if (!s->getIfLoc().isMacroID() || !body || body->size() < 2)
    return std::nullopt;
  const auto *end = llvm::dyn_cast<CallExpr>(*body->body_rbegin());
  const auto *called = llvm::dyn_cast<CallExpr>(*std::next(body->body_rbegin()));
  if (!end || !called)
    return std::nullopt;
  std::optional<ModelledSite> site = siteOf(end);
  bool ends = site && llvm::any_of(site->model->steps, [](const models::Step &step) {
                return step.effect == models::Effect::EndOfTask;
              });
  return ends ? std::optional(std::pair(called, *site)) : std::nullopt;
}

/// Its arguments are evaluated before any other task runs.
void FunctionLowering::spawnCall(const CallExpr *call, const ModelledSite &end) {
  std::optional<Operand> joined = std::exchange(bundle, std::nullopt);
  const FunctionDecl *f = call->getDirectCallee();
  Values operands;
  operands.push_back(f ? Operand::function(unit.function(f)) : value(call->getCallee()));
  for (const Expr *argument : call->arguments())
    operands.push_back(owned(argument));
  At place(*this, unit.callSpan(call));
  if (joined)
    return spawnInBundle(*this, end, *joined, operands);
  add(Opcode::Spawn, operands).flags = spawnFlags(end);
  addResult();
}

void FunctionLowering::lowerIf(const IfStmt *s) {
  size_t base = depth();
  if (auto started = calledInTask(s))
    return spawnCall(started->first, started->second);
  if (s->isConsteval())
    return scoped(s->isNegatedConsteval() ? s->getThen() : s->getElse());
  if (s->getInit())
    statement(s->getInit());
  if (s->getConditionVariable())
    declare(s->getConditionVariable());
  BlockId yes = newBlock(), no = newBlock(), after = newBlock();
  condition(s->getCond(), yes, no);
  startBlock(yes);
  scoped(s->getThen());
  jump(after);
  startBlock(no);
  if (s->getElse())
    scoped(s->getElse());
  jump(after);
  startBlock(after);
  popCleanups(base);
}

void FunctionLowering::lowerReturn(const ReturnStmt *s) {
  Operand result = Operand::unit();
  const Expr *e = s->getRetValue();
  QualType type = function ? function->getReturnType() : QualType();
  const VarDecl *elided = s->getNRVOCandidate();
  bool nothing = !e || type.isNull() || type->isVoidType();
  if (e && nothing) {
    effects(e);
  } else if (elided && variables.count(elided)) {
    const Lowered &l = variables[elided];
    result = l.place ? load(*l.place) : l.value;
  } else if (!nothing && type->isReferenceType()) {
    result = argument(e, type);
    elided = nullptr;
  } else if (!nothing) {
    result = owned(e);
    elided = nullptr;
  }
  runCleanups(0, elided);
  if (nothing)
    add(Opcode::Return);
  else
    add(Opcode::Return, {result});
  startBlock(newBlock());
}
