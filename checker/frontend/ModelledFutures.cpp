// Lowers modelled calls on promises, futures and packaged tasks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A promise and its futures refer to one shared state with the fields `event`, `value`, `set`, and
// `joins` where its end waits.
#include "frontend/ModelledCall.h"

#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::frontend {

using models::Effect;

bool ModelledCall::lowerFuture(const Step &step) {
  switch (step.effect) {
  case Effect::MakePromise:
    result = newState(Operand::integer(0));
    return true;
  case Effect::PromiseFuture:
    result = f.fixed(operand(step, 0));
    return true;
  case Effect::PromiseSet: {
    Operand state = operand(step, 0);
    f.storeField(state, "value",
                 step.operands.size() > 1 ? payload(step.operands[1]) : Operand::unit());
    f.storeField(state, "set", Operand::integer(1));
    f.add(Opcode::SetEvent, {f.loadField(state, "event")});
    return true;
  }
  case Effect::PromiseEnd: {
    Operand state = operand(step, 0);
    f.ifElse(f.emit(Opcode::NotEqual, {state, Operand::null()}), [&] { abandon(state); });
    return true;
  }
  case Effect::MakePackaged:
    makePackaged(step);
    return true;
  case Effect::PackagedFuture:
    result = f.loadField(operand(step, 0), "state");
    return true;
  case Effect::PackagedEnd: {
    Operand packaged = operand(step, 0);
    f.ifElse(f.emit(Opcode::NotEqual, {packaged, Operand::null()}),
             [&] { abandon(f.loadField(packaged, "state")); });
    return true;
  }
  case Effect::SpawnResult:
    spawnResult(step);
    return true;
  case Effect::FutureGet:
    futureGet(operand(step, 0), true);
    return true;
  case Effect::FutureWait:
    f.add(Opcode::WaitEvent, {f.loadField(operand(step, 0), "event")}).flags =
        step.flags & models::TimedStep ? skeleton::Timed : 0;
    if (step.flags & models::TimedStep)
      happened = f.addResult();
    return true;
  case Effect::FutureEnd: {
    Operand state = operand(step, 0);
    f.ifElse(f.emit(Opcode::NotEqual, {state, Operand::null()}),
             [&] { f.ifElse(f.loadField(state, "joins"), [&] { futureGet(state, false); }); });
    return true;
  }
  default:
    return false;
  }
}

Operand ModelledCall::newState(Operand joins) {
  Operand event = f.make(PrimitiveKind::Event);
  Operand state = f.newObject(f.unit.plainClass("shared state"));
  f.storeField(state, "event", event);
  f.storeField(state, "set", Operand::integer(0));
  f.storeField(state, "joins", joins);
  return state;
}

void ModelledCall::futureGet(Operand state, bool wantsValue) {
  f.add(Opcode::WaitEvent, {f.loadField(state, "event")});
  if (wantsValue)
    result = f.loadField(state, "value");
}

/// A promise that ends unset makes its future ready with an error.
void ModelledCall::abandon(Operand state) {
  f.ifElse(
      f.loadField(state, "set"), [] {},
      [&] { f.add(Opcode::SetEvent, {f.loadField(state, "event")}); });
}

namespace {

/// Runs the closure's work and sets its state, with an error if the work throws.
void fulfil(FunctionLowering &g, clang::QualType type, llvm::ArrayRef<Operand> args) {
  Operand self = Operand::reg(0);
  Operand shared = g.loadField(self, "state");
  BlockId failed = g.newBlock(), finished = g.newBlock();
  size_t outside = g.depth();
  g.pushTry(failed);
  g.storeField(shared, "value", g.invoke(g.loadField(self, "work"), type, args));
  g.popCleanups(outside);
  g.jump(finished);
  g.startBlock(failed);
  g.jump(finished);
  g.startBlock(finished);
  g.storeField(shared, "set", Operand::integer(1));
  g.add(Opcode::SetEvent, {g.loadField(shared, "event")});
  g.add(Opcode::Return);
}

/// How many arguments a task of type `packaged_task<R(A...)>` takes.
unsigned argumentsTaken(clang::QualType packaged) {
  const auto *record = llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
      packaged->getAsCXXRecordDecl());
  if (!record || record->getTemplateArgs().size() == 0 ||
      record->getTemplateArgs()[0].getKind() != clang::TemplateArgument::Type)
    return 0;
  const auto *called = record->getTemplateArgs()[0].getAsType()->getAs<clang::FunctionProtoType>();
  return called ? called->getNumParams() : 0;
}

} // namespace

/// A closure with the work and the state that calling it sets.
void ModelledCall::makePackaged(const Step &step) {
  Operand work = owned(step.operands[0]);
  clang::QualType type = typeOf(step.operands[0]);
  Operand state = newState(Operand::integer(0));
  unsigned count = argumentsTaken(site.type);
  result = closure(
      "packaged", {{"work", work}, {"state", state}},
      [type, count](FunctionLowering &g) {
        Values args;
        for (unsigned i = 0; i < count; ++i)
          args.push_back(Operand::reg(i + 1));
        fulfil(g, type, args);
      },
      count);
}

void ModelledCall::spawnResult(const Step &step) {
  Operand work = owned(step.operands[0]);
  clang::QualType type = typeOf(step.operands[0]);
  llvm::SmallVector<Capture, 4> captures{{"work", work}};
  size_t count = 0;
  for (Operand arg : ownedRest(step, 1))
    captures.push_back({"a" + std::to_string(count++), arg});
  Operand state = newState(Operand::integer(step.flags & models::ThreadStep ? 1 : 0));
  captures.push_back({"state", state});
  Operand task = closure("async", captures, [type, count](FunctionLowering &g) {
    Values args;
    for (size_t i = 0; i < count; ++i)
      args.push_back(g.loadField(Operand::reg(0), "a" + std::to_string(i)));
    fulfil(g, type, args);
  });
  startTask(step, step.operands[0], {task});
  result = state;
}

} // namespace sluice::checker::frontend
