// Lowers the coroutines of libraries whose tasks run when they are awaited or spawned.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a library's promise does with such a coroutine is out of sight, so its model says that the
// result is an `awaitable`: a closure whose slot "()" runs the body from its beginning to its end.
// To await one is to call it, since whoever awaits goes on when it has ended.
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using namespace clang;
using models::Effect;

bool FunctionLowering::isAwaitable(QualType type) {
  const models::TypeModel *model = unit.types.model(type);
  return model && model->role == models::Role::Awaitable;
}

void FunctionLowering::lowerAwaitable(const CoroutineBodyStmt *body) {
  std::string key = out.key + "@awaited";
  FunctionId code = unit.synthetic(
      key, out.display, {"this"},
      [f = function, body](FunctionLowering &l) { l.lowerAwaitedBody(f, body); }, out.at);
  Operand made = newObject(unit.closureClass(key, out.display, code, out.at));
  keepArguments(made, body);
  storeField(made, "promise", Operand::opaque());
  runCleanups(0);
  add(Opcode::Return, {made});
  startBlock(newBlock());
}

void FunctionLowering::lowerAwaitedBody(const FunctionDecl *f, const CoroutineBodyStmt *body) {
  function = f;
  whenAwaited = true;
  loadArguments(body);
  for (const ParmVarDecl *p : f->parameters())
    if (unit.types.hasEnd(p->getType()))
      pushCleanup([=, this] { destroy(p->getType(), variables[p]); }, p);
  statement(body->getBody());
  runCleanups(0);
  add(Opcode::Return);
}

Lowered FunctionLowering::awaitedResult(const CoroutineSuspendExpr *e) {
  const Expr *awaited = e->getOperand();
  if (!isAwaitable(awaited->getType()))
    return lower(awaited);
  Operand task = value(awaited);
  At place(*this, unit.span(e->getSourceRange()));
  if (task.kind == Operand::Kind::Opaque) // an operation that no model describes: it ends
    return Lowered();
  return resultAs(callSlot("()", {task}, /*isVirtual=*/false), e->getType());
}

void FunctionLowering::returnAwaited(const CoreturnStmt *s) {
  const Expr *e = s->getOperand();
  bool nothing = !e || e->getType()->isVoidType();
  Operand result = Operand::unit();
  if (e && nothing)
    effects(e);
  else if (e)
    result = owned(e);
  runCleanups(0);
  if (nothing)
    add(Opcode::Return);
  else
    add(Opcode::Return, {result});
  startBlock(newBlock());
}

/// An operation that its call only describes.
bool ModelledCall::deferred(const Step &step) {
  if (!(step.flags & models::AwaitedStep))
    return false;
  Opcode op = step.effect == Effect::Send      ? Opcode::Send
              : step.effect == Effect::Receive ? Opcode::Receive
                                               : Opcode::Sleep;
  Operand channel = op == Opcode::Sleep ? Operand::unit() : operand(step, 0);
  Operand sent = op == Opcode::Send ? payload(step.operands[1]) : Operand::unit();
  bool throws = step.flags & models::ThrowsStep;
  result = closure("awaited", {{"channel", channel}, {"sent", sent}}, [=](FunctionLowering &g) {
    Operand self = Operand::reg(0), got = Operand::unit(), done = Operand::integer(1);
    if (op == Opcode::Send) {
      g.add(op, {g.loadField(self, "channel"), g.loadField(self, "sent")}).flags = skeleton::Quiet;
      done = g.addResult();
    } else if (op == Opcode::Receive) {
      g.add(op, {g.loadField(self, "channel")});
      got = g.addResult();
      done = g.addResult();
    } else {
      g.add(op);
    }
    if (throws)
      g.ifElse(done, [] {}, [&] { g.raise(); });
    g.add(Opcode::Return, {got});
  });
  return true;
}

/// Starts a task that runs an awaitable, or the one that a callable gives; in a group, if what
/// comes second is one or a handle to one.
void ModelledCall::spawnAwaitable(const Step &step) {
  Operand work = owned(step.operands[0]);
  clang::QualType type = typeOf(step.operands[0]);
  bool isTask = f.isAwaitable(type);
  Work run = [type, isTask](FunctionLowering &g, Operand what) {
    g.callSlot("()", {isTask ? what : g.invoke(what, type, {})}, /*isVirtual=*/false);
  };
  models::Role where = step.operands.size() > 1 ? roleOf(step.operands[1]) : models::Role::Opaque;
  bool grouped = where == models::Role::TaskGroup || where == models::Role::SharedPointer;
  Operand task = grouped ? inGroup(f.fixed(operand(step, 1)), work, run)
                         : closure("coroutine", {{"work", work}}, [run](FunctionLowering &g) {
                             run(g, g.loadField(Operand::reg(0), "work"));
                             g.add(Opcode::Return);
                           });
  result = startTask(step, step.operands[0], {task});
}

} // namespace sluice::checker::frontend
