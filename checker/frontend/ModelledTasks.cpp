// Lowers modelled calls that start, group and join tasks, and hand over their results.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stoppable task is an object with the fields `task` and `stop`. A promise and its futures refer
// to one shared state with the fields `event`, `value`, `set`, and `joins` where its end waits.
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using models::Effect;

namespace {

uint16_t spawnFlags(const models::Step &step) {
  return (step.flags & models::ThreadStep ? skeleton::Thread : 0) |
         (step.flags & models::DaemonStep ? skeleton::Daemon : 0);
}

/// The first string that stands in an argument: a name, or options with one.
llvm::StringRef literalIn(const clang::Stmt *s) {
  if (const auto *literal = llvm::dyn_cast_or_null<clang::StringLiteral>(s))
    return literal->isOrdinary() || literal->isUTF8() ? literal->getString() : llvm::StringRef();
  if (!s || llvm::isa<clang::LambdaExpr>(s))
    return {};
  for (const clang::Stmt *child : s->children())
    if (llvm::StringRef found = literalIn(child); !found.empty())
      return found;
  return {};
}

/// Whether an argument is an aggregate whose field `background` is set to true.
bool isBackground(const clang::Expr *e, const clang::ASTContext &context) {
  const auto *list = llvm::dyn_cast<clang::InitListExpr>(e->IgnoreImplicit()->IgnoreParenCasts());
  const clang::CXXRecordDecl *options = list ? list->getType()->getAsCXXRecordDecl() : nullptr;
  if (!options || !list->isSemanticForm())
    return false;
  unsigned i = 0;
  for (const clang::FieldDecl *field : options->fields()) {
    const clang::Expr *init = i < list->getNumInits() ? list->getInit(i++) : nullptr;
    bool value = false;
    if (init && field->getName() == "background")
      return !init->isValueDependent() && init->EvaluateAsBooleanCondition(value, context) && value;
  }
  return false;
}

} // namespace

bool ModelledCall::lowerTask(const Step &step) {
  switch (step.effect) {
  case Effect::Spawn:
    spawn(step);
    return true;
  case Effect::SpawnStoppable:
    spawnStoppable(step);
    return true;
  case Effect::Join:
    f.add(Opcode::Join, {taskOf(step.operands[0])});
    forgetTask(step.operands[0]);
    return true;
  case Effect::Detach:
    f.add(Opcode::Detach, {taskOf(step.operands[0])});
    forgetTask(step.operands[0]);
    return true;
  case Effect::EndHandle:
    f.add(Opcode::EndTask, {operand(step, 0)});
    return true;
  case Effect::EndTask:
    endTask(step.operands[0]);
    return true;
  case Effect::TaskJoinable:
    result = f.emit(Opcode::NotEqual, {taskOf(step.operands[0]), Operand::null()});
    return true;
  case Effect::TaskStop:
    f.add(Opcode::Cancel, {f.loadField(operand(step, 0), "stop")});
    return true;
  case Effect::TaskMove: {
    Operand from = operand(step, 0);
    result = f.newObject(f.unit.plainClass("stoppable task"));
    for (const char *field : {"task", "stop"}) {
      f.storeField(result.value, field, f.loadField(from, field));
      f.storeField(from, field, Operand::null());
    }
    return true;
  }
  case Effect::MakeGroup:
    makeGroup(step);
    return true;
  case Effect::GroupSpawn:
    groupSpawn(step);
    return true;
  case Effect::GroupWait:
    f.add(Opcode::CounterWait, {f.loadField(operand(step, 0), "tasks")});
    return true;
  case Effect::GroupContext:
    result = f.loadField(operand(step, 0), "ctx");
    return true;
  case Effect::GroupEnd: {
    Operand group = operand(step, 0);
    f.add(Opcode::Cancel, {f.loadField(group, "cancel")});
    f.add(Opcode::CounterWait, {f.loadField(group, "tasks")});
    return true;
  }
  case Effect::Yield:
    f.add(Opcode::Yield);
    return true;
  case Effect::Sleep:
    f.add(Opcode::Sleep);
    return true;
  case Effect::CallOnce:
    callOnce(step);
    return true;
  default:
    return false;
  }
}

/// Starts a task. What stands before the callable names it, or gives options.
Operand ModelledCall::startTask(const Step &step, const ModelOperand &callable,
                                llvm::ArrayRef<Operand> calleeAndArgs) {
  Instruction &spawn = f.add(Opcode::Spawn, calleeAndArgs);
  spawn.flags = spawnFlags(step);
  for (const clang::Expr *arg : site.args) {
    if (arg == expr(callable))
      break;
    if (isBackground(arg, f.unit.context))
      spawn.flags |= skeleton::Daemon;
    spawn.name = literalIn(arg).str();
  }
  // A thread goes by the name of the variable that holds it.
  if (spawn.name.empty() && (step.flags & models::ThreadStep))
    spawn.name = f.subject().name;
  return f.addResult();
}

void ModelledCall::spawn(const Step &step) {
  Values operands{owned(step.operands[0])};
  llvm::append_range(operands, ownedRest(step, 1));
  result = startTask(step, step.operands[0], operands);
}

namespace {

/// Whether a call operator takes a first parameter of a stop token's kind.
bool takesToken(FunctionLowering &f, clang::QualType callable) {
  const clang::CXXRecordDecl *record = callable.getNonReferenceType()->getAsCXXRecordDecl();
  const clang::CXXMethodDecl *call =
      record && record->isLambda() ? record->getLambdaCallOperator() : nullptr;
  if (!call || call->getNumParams() == 0)
    return false;
  const models::TypeModel *model = f.unit.types.model(call->getParamDecl(0)->getType());
  return model && model->role == models::Role::Context;
}

} // namespace

void ModelledCall::spawnStoppable(const Step &step) {
  Operand context = f.make(PrimitiveKind::Context, {Operand::null()});
  Operand canceller = f.make(PrimitiveKind::Canceller, {context});
  Values operands{owned(step.operands[0])};
  if (takesToken(f, typeOf(step.operands[0])))
    operands.push_back(context);
  llvm::append_range(operands, ownedRest(step, 1));
  Operand task = startTask(step, step.operands[0], operands);
  result = f.newObject(f.unit.plainClass("stoppable task"));
  f.storeField(result.value, "task", task);
  f.storeField(result.value, "stop", canceller);
}

Operand ModelledCall::taskOf(const ModelOperand &o) {
  Operand v = value(o);
  return roleOf(o) == models::Role::StoppableTask ? f.loadField(v, "task") : f.fixed(v);
}

/// After a join or detach the handle names no task.
void ModelledCall::forgetTask(const ModelOperand &o) {
  if (roleOf(o) == models::Role::StoppableTask)
    f.storeField(value(o), "task", Operand::null());
  else if (o.kind == ModelOperand::Kind::This)
    f.store(place(o), Operand::null());
}

void ModelledCall::endTask(const ModelOperand &o) {
  Operand task = taskOf(o);
  f.ifElse(f.emit(Opcode::NotEqual, {task, Operand::null()}), [&] {
    if (roleOf(o) == models::Role::StoppableTask)
      f.add(Opcode::Cancel, {f.loadField(value(o), "stop")});
    f.add(Opcode::Join, {task});
    forgetTask(o);
  });
}

// Groups

void ModelledCall::makeGroup(const Step &step) {
  Operand parent = step.operands.empty() ? Operand::null() : operand(step, 0);
  Operand context = f.make(PrimitiveKind::Context, {parent});
  Operand canceller = f.make(PrimitiveKind::Canceller, {context});
  Operand tasks = f.make(PrimitiveKind::Counter, {Operand::integer(0)});
  result = f.newObject(f.unit.plainClass("task group"));
  f.storeField(result.value, "tasks", tasks);
  f.storeField(result.value, "ctx", context);
  f.storeField(result.value, "cancel", canceller);
}

/// The group's task runs the work; an exception from it cancels the group; then it counts down.
void ModelledCall::groupSpawn(const Step &step) {
  Operand group = operand(step, 0);
  Operand work = owned(step.operands[1]);
  clang::QualType type = typeOf(step.operands[1]);
  f.add(Opcode::CounterAdd, {f.loadField(group, "tasks"), Operand::integer(1)});
  Operand task = closure("group", {{"group", group}, {"work", work}}, [type](FunctionLowering &g) {
    Operand self = Operand::reg(0);
    Operand owner = g.loadField(self, "group");
    BlockId failed = g.newBlock(), finished = g.newBlock();
    size_t outside = g.depth();
    g.pushTry(failed);
    g.invoke(g.loadField(self, "work"), type, {});
    g.popCleanups(outside);
    g.jump(finished);
    g.startBlock(failed);
    g.add(Opcode::Cancel, {g.loadField(owner, "cancel")});
    g.jump(finished);
    g.startBlock(finished);
    g.add(Opcode::CounterAdd, {g.loadField(owner, "tasks"), Operand::integer(-1)});
    g.add(Opcode::Return);
  });
  result = startTask(step, step.operands[1], {task});
}

void ModelledCall::callOnce(const Step &step) {
  Operand once = operand(step, 0);
  Operand callable = owned(step.operands[1]);
  Values args = callArguments(rest(step, 2), typeOf(step.operands[1]));
  f.ifElse(f.emit(Opcode::OnceBegin, {once}), [&] {
    f.invoke(callable, typeOf(step.operands[1]), args);
    f.add(Opcode::OnceEnd, {once});
  });
}

// Promises and futures

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
    // A promise that ends unset makes its future ready with an error.
    Operand state = operand(step, 0);
    f.ifElse(f.emit(Opcode::NotEqual, {state, Operand::null()}), [&] {
      Operand isSet = f.loadField(state, "set");
      f.ifElse(isSet, [] {}, [&] { f.add(Opcode::SetEvent, {f.loadField(state, "event")}); });
    });
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

/// The task runs the work and sets the state, with an error if the work throws.
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
    Operand self = Operand::reg(0);
    Operand shared = g.loadField(self, "state");
    Values args;
    for (size_t i = 0; i < count; ++i)
      args.push_back(g.loadField(self, "a" + std::to_string(i)));
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
  });
  startTask(step, step.operands[0], {task});
  result = state;
}

} // namespace sluice::checker::frontend
