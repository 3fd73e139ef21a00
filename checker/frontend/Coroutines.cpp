// Lowers coroutines: what starts one, its body between suspensions, and what handles to it do.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A coroutine is an object with the slot "()", which runs the body from where it was left to the
// next suspension. Its fields: "at" is the number of the suspension it stands at, "ends" whether
// it is to be destroyed there, "promise" its promise; the rest are parameters and registers. A
// handle is a reference to it, so that resuming is a call, on whichever task resumes.
#include "frontend/ModelledCall.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// The number of the last suspension, and of a coroutine that is no more.
constexpr int64_t kDone = -1, kDestroyed = -2;

/// The call of the awaiter; its result is an address where it names the next coroutine to run.
const CallExpr *suspendCall(const CoroutineSuspendExpr *e) {
  const auto *call = llvm::dyn_cast<CallExpr>(e->getSuspendExpr()->IgnoreImplicit());
  const auto *address = llvm::dyn_cast_or_null<CXXMemberCallExpr>(call);
  if (address && address->getType()->isPointerType())
    call = llvm::dyn_cast<CallExpr>(address->getImplicitObjectArgument()->IgnoreImplicit());
  return call;
}

std::string parameterField(const ParmVarDecl *p) {
  return "parameter " + std::to_string(p->getFunctionScopeIndex());
}

} // namespace

void FunctionLowering::lowerCoroutine(const CoroutineBodyStmt *body) {
  if (isAwaitable(function->getReturnType()))
    return lowerAwaitable(body);
  const VarDecl *promise = body->getPromiseDecl();
  if (unit.types.holding(promise->getType()) != Holding::Object)
    return coroutineOutOfSight();
  std::string key = out.key + "@resume";
  FunctionId code = unit.synthetic(
      key, out.display, {"this"},
      [f = function, body](FunctionLowering &l) { l.lowerResumption(f, body); }, out.at);
  Operand frame = newObject(unit.closureClass(key, out.display, code, out.at));
  keepArguments(frame, body);
  declarePromise(promise, frame);
  storeField(frame, "at", Operand::integer(0));
  storeField(frame, "ends", Operand::integer(0));
  // Whoever can resume it can reach what the body names.
  storeField(frame, "globals", Operand::globals());
  const Expr *init = body->getReturnValueInit();
  Operand result = init->getType()->isVoidType() ? (effects(init), Operand::unit()) : owned(init);
  call(code, {frame});
  if (const auto *made = llvm::dyn_cast_or_null<DeclStmt>(body->getResultDecl())) {
    bindValue(llvm::cast<VarDecl>(made->getSingleDecl()), result);
    return statement(body->getReturnStmt());
  }
  runCleanups(0);
  add(Opcode::Return, {result});
  startBlock(newBlock());
}

/// What a library's promise does with the coroutine is not known: whoever has what is handed to it
/// may use it, now or later.
void FunctionLowering::coroutineOutOfSight() {
  gap("coroutine");
  for (Register r = 0; r != out.parameters; ++r)
    add(Opcode::Suspend, {Operand::reg(r)});
  add(Opcode::Suspend, {Operand::globals()});
  runCleanups(0);
  add(Opcode::Return, {Operand::opaque()});
  startBlock(newBlock());
}

void FunctionLowering::declarePromise(const VarDecl *promise, Operand frame) {
  About subject(*this, subjectOf(promise));
  // Only constructors get the arguments; Clang fills an aggregate with them.
  bool isAggregate = llvm::isa_and_nonnull<CXXParenListInitExpr>(promise->getInit());
  Operand made =
      isAggregate ? defaultValue(promise->getType(), /*zero=*/false) : initialValue(promise);
  variables[promise] = made;
  storeField(frame, "promise", made);
  storeField(made, "coroutine", frame);
}

void FunctionLowering::keepArguments(Operand frame, const CoroutineBodyStmt *body) {
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(function);
  if (method && method->isImplicitObjectMemberFunction())
    storeField(frame, "this", Operand::reg(0));
  llvm::ArrayRef<const Stmt *> moves = body->getParamMoves();
  for (const ParmVarDecl *p : function->parameters()) {
    const auto *move = moves.empty() ? nullptr : llvm::dyn_cast<DeclStmt>(moves.front());
    moves = moves.empty() ? moves : moves.drop_front();
    if (unit.types.holding(p->getType()) == Holding::Opaque)
      continue;
    const Lowered &given = variables[p];
    Operand kept = unit.types.byPlace(p->getType()) ? given.place->base
                   : given.place                    ? load(*given.place)
                                                    : given.value;
    const auto *copy = move ? llvm::cast<VarDecl>(move->getSingleDecl()) : nullptr;
    if (copy && !p->getType()->isReferenceType())
      kept = owned(copy->getInit());
    Place place = Place::of(frame, unit.field(parameterField(p)));
    store(place, kept);
    if (copy) // the promise's constructor takes it from here
      variables[copy] = unit.types.isReferred(p->getType()) ? Lowered(kept)
                        : unit.types.byPlace(p->getType())  ? Lowered(Place::at(kept))
                                                            : Lowered(place);
  }
}

/// The names of the body, as places in the coroutine or registers loaded each time.
void FunctionLowering::loadArguments(const CoroutineBodyStmt *body) {
  const Operand frame = Operand::reg(0);
  const auto *method = llvm::dyn_cast<CXXMethodDecl>(function);
  if (method && method->isImplicitObjectMemberFunction())
    enterObject(method, loadField(frame, "this"));
  variables[body->getPromiseDecl()] = loadField(frame, "promise");
  for (const ParmVarDecl *p : function->parameters()) {
    Place kept = Place::of(frame, unit.field(parameterField(p)));
    if (unit.types.holding(p->getType()) == Holding::Opaque)
      variables[p] = Operand::opaque();
    else if (unit.types.isReferred(p->getType()))
      variables[p] = load(kept);
    else
      variables[p] = unit.types.byPlace(p->getType()) ? Place::at(load(kept)) : kept;
  }
}

void FunctionLowering::lowerResumption(const FunctionDecl *f, const CoroutineBodyStmt *body) {
  function = f;
  const Operand frame = Operand::reg(0);
  loadArguments(body);
  BlockId dispatch = current, start = newBlock();
  Operand at = loadField(frame, "at");
  coroutine.emplace();
  coroutine->firstKept = out.registers.size();
  coroutine->ended = newBlock();
  startBlock(start);
  for (const ParmVarDecl *p : f->parameters())
    if (unit.types.hasEnd(p->getType()))
      pushCleanup([=, this] { destroy(p->getType(), variables[p]); }, p);
  const VarDecl *promise = body->getPromiseDecl();
  if (unit.types.hasEnd(promise->getType()))
    pushCleanup([=, this] { destroy(promise->getType(), variables[promise]); });
  statement(body->getInitSuspendStmt());
  coroutineBody(body);
  startBlock(coroutine->ended);
  coroutine->isDone = true;
  statement(body->getFinalSuspendStmt());
  endCoroutine();
  BlockId rest = newBlock();
  startBlock(dispatch);
  dispatchResumption(at, start);
  startBlock(rest);
}

/// Goes to where the body was left.
void FunctionLowering::dispatchResumption(Operand at, BlockId start) {
  Instruction &i = add(Opcode::Switch, {at});
  for (size_t n = 0; n != coroutine->suspensions.size(); ++n)
    i.cases.push_back({coroutine->numbers[n], coroutine->suspensions[n].entering});
  i.cases.push_back({0, start});
  llvm::sort(i.cases, [](auto &a, auto &b) { return a.value < b.value; });
}

/// An exception ends the body as its end does, once the promise has seen it.
void FunctionLowering::coroutineBody(const CoroutineBodyStmt *body) {
  BlockId failed = newBlock();
  size_t base = depth();
  coroutine->depth = base;
  pushTry(failed);
  statement(body->getBody());
  if (body->getFallthroughHandler())
    statement(body->getFallthroughHandler());
  popCleanups(base);
  jump(coroutine->ended);
  startBlock(failed);
  storeField(Operand::reg(0), "at", Operand::integer(kDone));
  // What the promise throws on leaves the coroutine standing at its end, not destroyed.
  Stack frame = std::exchange(cleanups, {});
  if (body->getExceptionHandler())
    statement(body->getExceptionHandler());
  cleanups = std::move(frame);
  jump(coroutine->ended);
}

/// Nobody may resume it any more.
void FunctionLowering::endCoroutine() {
  storeField(Operand::reg(0), "at", Operand::integer(kDestroyed));
  runCleanups(0);
  add(Opcode::Return);
}

void FunctionLowering::lowerCoreturn(const CoreturnStmt *s) {
  if (whenAwaited)
    return returnAwaited(s);
  if (!coroutine)
    return unsupported("coroutine");
  if (s->getOperand() && s->getOperand()->getType()->isVoidType())
    effects(s->getOperand());
  if (s->getPromiseCall())
    effects(s->getPromiseCall());
  runCleanups(coroutine->depth);
  jump(coroutine->ended);
}

Lowered FunctionLowering::lowerSuspension(const CoroutineSuspendExpr *e) {
  if (whenAwaited)
    return awaitedResult(e);
  if (!coroutine) {
    gap("coroutine");
    return Lowered();
  }
  At place(*this, unit.span(e->getSourceRange()));
  const Operand frame = Operand::reg(0);
  opaqueValues[e->getOpaqueValue()] = lower(e->getCommonExpr());
  Operand ready = value(e->getReadyExpr());
  if (ready.kind == Operand::Kind::Integer && ready.value)
    return lower(e->getResumeExpr());
  BlockId leaving = newBlock(), entering = newBlock(), after = newBlock(), left = newBlock();
  int64_t number = coroutine->isDone ? kDone : int64_t(coroutine->suspensions.size()) + 1;
  coroutine->suspensions.push_back({leaving, entering, at()});
  coroutine->numbers.push_back(number);
  branch(ready, after, leaving);
  startBlock(leaving);
  storeField(frame, "at", Operand::integer(number));
  suspend(e, after);
  jump(left);
  startBlock(left);
  add(Opcode::Return);
  startBlock(entering);
  BlockId ends = newBlock();
  branch(loadField(frame, "ends"), ends, after);
  startBlock(ends);
  endCoroutine();
  startBlock(after);
  return lower(e->getResumeExpr());
}

/// Lets the awaiter see the coroutine suspended; it may take it back at once, or name the next one
/// to run. A library's awaiter may be resumed by anybody.
void FunctionLowering::suspend(const CoroutineSuspendExpr *e, BlockId after) {
  const Operand frame = Operand::reg(0);
  const Expr *told = e->getSuspendExpr();
  if (isAwaiterOutOfSight(e)) {
    gap("an awaiter out of sight");
    add(Opcode::Suspend, {frame});
  }
  if (told->getType()->isVoidType())
    return effects(told);
  Operand next = value(told);
  if (told->getType()->isBooleanType()) {
    BlockId left = newBlock();
    branch(next, left, after);
    startBlock(left);
  } else {
    callSlot("()", {next}, /*isVirtual=*/false);
  }
}

/// Whether what an awaiter does is neither code in sight nor described by a model.
bool FunctionLowering::isAwaiterOutOfSight(const CoroutineSuspendExpr *e) {
  const CallExpr *call = suspendCall(e);
  const FunctionDecl *f = call ? call->getDirectCallee() : nullptr;
  const FunctionDecl *definition = nullptr;
  return !f || (!siteOf(call) && (unit.isCutOff(f) || !f->isDefined(definition)));
}

void FunctionLowering::finishCoroutine() {
  if (!coroutine)
    return;
  keepRegisters(out, coroutine->suspensions, coroutine->firstKept,
                [&](Register r) { return unit.field("register " + std::to_string(r)); });
}

bool ModelledCall::lowerCoroutine(const Step &step) {
  using models::Effect;
  switch (step.effect) {
  case Effect::CoroutineOf:
    result = f.loadField(operand(step, 0), "coroutine");
    return true;
  case Effect::CoroutinePromise: {
    Operand promise = f.loadField(operand(step, 0), "promise");
    result = promise;
    return true;
  }
  case Effect::CoroutineDone:
    result = f.emit(Opcode::Equal, {f.loadField(operand(step, 0), "at"), Operand::integer(kDone)});
    return true;
  case Effect::CoroutineDestroy: {
    Operand frame = f.fixed(operand(step, 0));
    f.storeField(frame, "ends", Operand::integer(1));
    f.callSlot("()", {frame}, /*isVirtual=*/false);
    result = Operand::unit();
    return true;
  }
  case Effect::CoroutineNone:
    result = closure("noop", {}, [](FunctionLowering &g) { g.finish(Opcode::Return); });
    f.storeField(result.value, "at", Operand::integer(0));
    return true;
  default:
    return false;
  }
}
