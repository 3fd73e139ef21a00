// Lowers modelled calls that start, group and join tasks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A stoppable task is an object with the fields `task`, `token` and `stop`.
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using models::Effect;

uint32_t spawnFlags(const models::Step &step) {
  return (step.flags & models::ThreadStep ? skeleton::Thread : 0) |
         (step.flags & models::JoinableStep ? skeleton::Joinable : 0) |
         (step.flags & models::DaemonStep ? skeleton::Daemon : 0) |
         (step.flags & models::FiberStep ? skeleton::Fiber : 0) |
         (step.flags & models::AtOnceStep ? skeleton::AtOnce : 0);
}

uint32_t spawnFlags(const ModelledSite &site) {
  uint32_t flags = 0;
  for (const models::Step &step : site.model->steps)
    flags |= spawnFlags(step);
  return flags;
}

namespace {

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

bool ModelledCall::lowerStoppable(const Step &step) {
  switch (step.effect) {
  case Effect::SpawnStoppable:
    spawnStoppable(step);
    return true;
  case Effect::TaskStop:
    f.add(Opcode::Cancel, {f.loadField(operand(step, 0), "stop")});
    return true;
  case Effect::TaskMove:
    if (step.operands.empty()) {
      result = newStoppable(Operand::null(), Operand::null(), Operand::null());
    } else {
      Operand from = operand(step, 0);
      result = f.newObject(f.unit.plainClass("stoppable task"));
      moveStoppable(from, result.value);
    }
    return true;
  case Effect::MakeStopSource: {
    Operand context = f.make(PrimitiveKind::Context, {Operand::null()});
    Operand canceller = f.make(PrimitiveKind::Canceller, {context}, skeleton::Style);
    result = newStoppable(Operand::null(), context, canceller);
    return true;
  }
  case Effect::TaskAssign: // what it was ends first, as the destructor would
    endTask(step.operands[0]);
    moveStoppable(operand(step, 1), operand(step, 0));
    return true;
  case Effect::TaskToken:
    result = f.loadField(operand(step, 0), "token");
    return true;
  default:
    return false;
  }
}

bool ModelledCall::lowerTask(const Step &step) {
  switch (step.effect) {
  case Effect::Spawn:
    spawn(step);
    return true;
  case Effect::SpawnAwaitable:
    spawnAwaitable(step);
    return true;
  case Effect::Join:
    f.add(Opcode::Join, {taskOf(step.operands[0])}).flags =
        step.flags & models::TryStep ? skeleton::Try : 0;
    if (step.flags & models::TryStep) {
      happened = f.addResult();
    } else {
      forgetTask(step.operands[0]);
    }
    return true;
  case Effect::JoinEach: {
    Operand tasks = f.fixed(operand(step, 0));
    f.forEachIndex(
        tasks, [&](Operand i) { f.add(Opcode::Join, {f.emit(Opcode::ElementAt, {tasks, i})}); });
    return true;
  }
  case Effect::Detach:
    f.add(Opcode::Detach, {taskOf(step.operands[0])});
    forgetTask(step.operands[0]);
    return true;
  case Effect::DetachIf:
    detachIf(step);
    return true;
  case Effect::Attach: {
    result = f.fixed(operand(step, 0));
    Operand attached = step.operands.size() == 2 ? operand(step, 1) : Operand::integer(1);
    f.add(Opcode::Reset, {result.value, attached});
    return true;
  }
  case Effect::EndHandle:
    f.add(Opcode::EndTask, {operand(step, 0)});
    return true;
  case Effect::EndTask:
    endTask(step.operands[0]);
    return true;
  case Effect::TaskJoinable:
    result = f.emit(Opcode::NotEqual, {taskOf(step.operands[0]), Operand::null()});
    return true;
  case Effect::TaskExit:
  case Effect::EndOfTask:
    f.exitTask();
    return true;
  case Effect::SpreadFibers:
    f.add(Opcode::SpreadFibers);
    return true;
  case Effect::Yield:
    f.add(Opcode::Yield);
    return true;
  case Effect::Sleep:
    sleep(step);
    return true;
  case Effect::CallOnce:
    callOnce(step);
    return true;
  default:
    return false;
  }
}

bool ModelledCall::lowerGroup(const Step &step) {
  switch (step.effect) {
  case Effect::MakeGroup:
    makeGroup(step);
    return true;
  case Effect::GroupSpawn:
    groupSpawn(step);
    return true;
  case Effect::GroupWait:
    addWait(step, Opcode::CounterWait, {f.loadField(operand(step, 0), "tasks")}, 0);
    return true;
  case Effect::GroupAdd: {
    Operand tasks = f.loadField(operand(step, 0), "tasks");
    f.add(Opcode::CounterAdd, {tasks, operand(step, 1)});
    return true;
  }
  case Effect::GroupLeave:
    leaveGroup(operand(step, 0));
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
  default:
    return false;
  }
}

/// Starts a task. What stands before the callable names it, or gives options.
Operand ModelledCall::startTask(const Step &step, const ModelOperand &callable,
                                llvm::ArrayRef<Operand> calleeAndArgs) {
  Instruction &spawn = f.add(Opcode::Spawn, calleeAndArgs);
  spawn.flags = spawnFlags(step);
  if (const clang::Expr *started = expr(callable);
      started && spawn.flags & skeleton::Joinable && f.handsItselfOn(started))
    spawn.flags &= ~skeleton::Joinable;
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

/// Whether a callable takes a first parameter of a stop token's kind.
bool takesToken(FunctionLowering &f, clang::QualType callable) {
  const clang::FunctionProtoType *called = calledType(callable, f.unit.context);
  if (!called || called->getNumParams() == 0)
    return false;
  const models::TypeModel *model = f.unit.types.model(called->getParamType(0));
  return model && model->role == models::Role::Context;
}

} // namespace

Operand ModelledCall::newStoppable(Operand task, Operand token, Operand stop) {
  Operand made = f.newObject(f.unit.plainClass("stoppable task"));
  f.storeField(made, "task", task);
  f.storeField(made, "token", token);
  f.storeField(made, "stop", stop);
  return made;
}

void ModelledCall::spawnStoppable(const Step &step) {
  Operand context = f.make(PrimitiveKind::Context, {Operand::null()});
  // Nothing is kept for the sake of a stop that nobody asks for.
  Operand canceller = f.make(PrimitiveKind::Canceller, {context}, skeleton::Style);
  Operand callable = owned(step.operands[0]);
  Values operands{callable};
  if (takesToken(f, typeOf(step.operands[0])))
    operands.push_back(context);
  llvm::append_range(operands, ownedRest(step, 1));
  Operand task = startTask(step, step.operands[0], operands);
  result = newStoppable(task, context, canceller);
}

void ModelledCall::moveStoppable(Operand from, Operand to) {
  for (const char *field : {"task", "token", "stop"}) {
    f.storeField(to, field, f.loadField(from, field));
    f.storeField(from, field, Operand::null());
  }
}

Operand ModelledCall::taskOf(const ModelOperand &o) {
  Operand v = value(o);
  return roleOf(o) == models::Role::StoppableTask ? f.loadField(v, "task") : f.fixed(v);
}

/// A thread whose attributes, where they are given, say that it is detached. Of attributes that are
/// not a variable here this is taken to be so.
void ModelledCall::detachIf(const Step &step) {
  Operand task = f.fixed(operand(step, 0)), attributes = operand(step, 1);
  result = task;
  if (attributes == Operand::null())
    return;
  const auto *given =
      llvm::dyn_cast<clang::UnaryOperator>(expr(step.operands[1])->IgnoreParenImpCasts());
  if (given && given->getOpcode() == clang::UO_AddrOf)
    f.ifElse(f.loadField(attributes, "*"), [&] { f.add(Opcode::Detach, {task}); });
  else
    f.add(Opcode::Detach, {task});
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
  if (roleOf(o) == models::Role::StoppableTask)
    f.ifElse(f.emit(Opcode::NotEqual, {task, Operand::null()}),
             [&] { f.add(Opcode::Cancel, {f.loadField(value(o), "stop")}); });
  f.add(Opcode::Join, {task}).flags = skeleton::Joinable;
  forgetTask(o);
}

// Groups

void ModelledCall::makeGroup(const Step &step) {
  Operand parent = step.operands.empty() ? Operand::null() : operand(step, 0);
  Operand context = f.make(PrimitiveKind::Context, {parent});
  Operand canceller = f.make(PrimitiveKind::Canceller, {context},
                             step.flags & models::QuietStep ? skeleton::Style : 0);
  Operand tasks = f.make(PrimitiveKind::Counter, {Operand::integer(0)});
  result = f.newObject(f.unit.plainClass("task group"));
  f.storeField(result.value, "tasks", tasks);
  f.storeField(result.value, "ctx", context);
  f.storeField(result.value, "cancel", canceller);
}

void ModelledCall::leaveGroup(Operand guard) {
  f.ifElse(f.loadField(guard, "owns"), [&] {
    Operand tasks = f.loadField(f.loadField(guard, "lock"), "tasks");
    f.add(Opcode::CounterAdd, {tasks, Operand::integer(-1)});
    f.storeField(guard, "owns", Operand::integer(0));
  });
}

/// The group's task runs the work; an exception from it cancels the group; then it counts down.
Operand ModelledCall::inGroup(Operand group, Operand work, Work run, llvm::ArrayRef<Capture> more) {
  f.add(Opcode::CounterAdd, {f.loadField(group, "tasks"), Operand::integer(1)});
  llvm::SmallVector<Capture, 3> captures{{"group", group}, {"work", work}};
  llvm::append_range(captures, more);
  return closure("group", captures, [run](FunctionLowering &g) {
    Operand self = Operand::reg(0);
    Operand owner = g.loadField(self, "group");
    BlockId failed = g.newBlock(), finished = g.newBlock();
    size_t outside = g.depth();
    g.pushTry(failed);
    run(g, g.loadField(self, "work"));
    g.popCleanups(outside);
    g.jump(finished);
    g.startBlock(failed);
    g.add(Opcode::Cancel, {g.loadField(owner, "cancel")});
    g.jump(finished);
    g.startBlock(finished);
    g.add(Opcode::CounterAdd, {g.loadField(owner, "tasks"), Operand::integer(-1)});
    g.add(Opcode::Return);
  });
}

void ModelledCall::groupSpawn(const Step &step) {
  Operand group = operand(step, 0);
  Operand work = owned(step.operands[1]);
  clang::QualType type = typeOf(step.operands[1]);
  bool hands = step.operands.size() == 3;
  llvm::SmallVector<Capture, 1> more;
  if (hands)
    more.push_back({"argument", owned(step.operands[2])});
  Operand task = inGroup(
      group, work,
      [type, hands](FunctionLowering &g, Operand what) {
        Values arguments;
        if (hands)
          arguments.push_back(g.loadField(Operand::reg(0), "argument"));
        g.invoke(what, type, arguments);
      },
      more);
  result = startTask(step, step.operands[1], {task});
}

void ModelledCall::callOnce(const Step &step) {
  Operand once = operand(step, 0);
  Operand callable = owned(step.operands[1]);
  Values args = callArguments(rest(step, 2), typeOf(step.operands[1]));
  f.ifElse(f.emit(Opcode::OnceBegin, {once}), [&] {
    BlockId failed = f.newBlock(), finished = f.newBlock();
    size_t outside = f.depth();
    f.pushTry(failed);
    f.invoke(callable, typeOf(step.operands[1]), args);
    f.popCleanups(outside);
    f.add(Opcode::OnceEnd, {once});
    f.jump(finished);
    f.startBlock(failed);
    f.add(Opcode::Reset, {once, Operand::integer(0)});
    f.raise();
    f.startBlock(finished);
  });
}

} // namespace sluice::checker::frontend
