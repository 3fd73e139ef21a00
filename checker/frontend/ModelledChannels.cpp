// Lowers modelled calls that make primitives, use channels, timers and contexts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using models::Effect;
using OperandKind = models::ModelOperand::Kind;

bool ModelledCall::lowerMaking(const Step &step) {
  switch (step.effect) {
  case Effect::MakeChannel:
    result = f.make(PrimitiveKind::Channel, {capacity(step.operands[0])});
    return true;
  case Effect::MakeMutex:
    result = f.make(PrimitiveKind::Mutex, {},
                    step.flags & models::RecursiveStep ? skeleton::Recursive : 0);
    return true;
  case Effect::MakeSharedMutex:
    result = f.make(PrimitiveKind::SharedMutex);
    return true;
  case Effect::MakeCondition:
    result = f.make(PrimitiveKind::Condition);
    return true;
  case Effect::MakeCounter:
    result = f.make(PrimitiveKind::Counter, {operand(step, 0)});
    return true;
  case Effect::MakeSemaphore:
    result = f.make(PrimitiveKind::Semaphore, {operand(step, 0)});
    return true;
  case Effect::MakeOnce:
    result = f.make(PrimitiveKind::Once);
    return true;
  case Effect::MakeEvent:
    result = step.flags & models::AutoStep ? f.make(PrimitiveKind::Semaphore, {Operand::integer(0)})
                                           : f.make(PrimitiveKind::Event);
    return true;
  default:
    return false;
  }
}

Operand ModelledCall::capacity(const ModelOperand &o) { return value(o); }

bool ModelledCall::lowerChannel(const Step &step) {
  switch (step.effect) {
  case Effect::Send:
    step.flags &models::UntilStep ? sendOrDone(step) : send(step);
    return true;
  case Effect::Receive:
    step.flags &models::UntilStep ? receiveOrDone(step) : receive(step);
    return true;
  case Effect::Close:
    f.add(Opcode::Close, {operand(step, 0)}).flags =
        step.flags & models::QuietStep ? skeleton::Quiet : 0;
    return true;
  case Effect::Select:
    select(step);
    return true;
  case Effect::SelectSpan:
    selectSpan(step);
    return true;
  case Effect::MakeCase:
    makeCase(step);
    return true;
  default:
    return false;
  }
}

namespace {

uint32_t waitFlags(const models::Step &step) {
  return (step.flags & models::TryStep ? skeleton::Try : 0) |
         (step.flags & models::TimedStep ? skeleton::Timed : 0) |
         (step.flags & models::CancellableStep ? skeleton::Cancellable : 0);
}

uint32_t sendFlags(const models::Step &step) {
  return (step.flags & models::QuietStep ? skeleton::Quiet : 0) |
         (step.flags & models::AnywayStep ? skeleton::Anyway : 0);
}

} // namespace

/// Adds an operation that may wait, with the flags that say how. Where the step has a deadline, one
/// without a limit or one that may give up.
void ModelledCall::limited(const Step &step, llvm::function_ref<void(uint32_t flags)> wait) {
  uint32_t flags = waitFlags(step);
  if (!(step.flags & models::DeadlineStep))
    return wait(flags);
  Operand deadline = f.fixed(operand(step, step.operands.size() - 1));
  if (deadline.kind != Operand::Kind::Integer)
    return f.ifElse(
        f.emit(Opcode::Less, {deadline, Operand::integer(0)}), [&] { wait(flags); },
        [&] { wait(flags | skeleton::Timed); });
  wait(flags | (deadline.value == 0 ? skeleton::Try : deadline.value > 0 ? skeleton::Timed : 0));
}

void ModelledCall::addWait(const Step &step, Opcode op, llvm::ArrayRef<Operand> args,
                           uint32_t flags, llvm::ArrayRef<Register> results) {
  std::optional<Register> went;
  if (step.flags & models::DeadlineStep || (waitFlags(step) | flags) & ~skeleton::Anyway)
    happened = Operand::reg(*(went = f.newRegister()));
  limited(step, [&](uint32_t limit) {
    Instruction &i = f.add(op, args);
    i.flags = flags | limit;
    bool says = i.flags & ~skeleton::Anyway;
    if (says)
      i.results.push_back(went);
    i.results.append(results.begin(), results.end());
    if (went && !says)
      f.assign(*went, Operand::integer(1));
  });
}

/// Time that has no limit is over only when the task is cancelled.
void ModelledCall::sleep(const Step &step) {
  if (!(step.flags & (models::CancellableStep | models::DeadlineStep))) {
    f.add(Opcode::Sleep);
    return;
  }
  bool limited = step.flags & models::DeadlineStep;
  Operand deadline = limited ? f.fixed(operand(step, 0)) : Operand::integer(0);
  BlockId again = f.newBlock(), late = f.newBlock(), after = f.newBlock();
  f.jump(again);
  f.startBlock(again);
  f.add(Opcode::Sleep).flags = skeleton::Cancellable;
  happened = f.addResult();
  bool known = deadline.kind == Operand::Kind::Integer;
  f.branch(known ? Operand::integer(deadline.value < 0)
                 : f.emit(Opcode::Less, {deadline, Operand::integer(0)}),
           late, after);
  f.startBlock(late);
  f.branch(*happened, again, after);
  f.startBlock(after);
}

void ModelledCall::send(const Step &step) {
  Operand channel = operand(step, 0);
  Operand v =
      step.flags & models::PointedStep ? pointedValue(step.operands[1]) : payload(step.operands[1]);
  addWait(step, Opcode::Send, {channel, v}, sendFlags(step));
}

/// Puts what was received where the caller wants it. A queue of the user's own leaves that alone
/// where it has nothing to give.
void ModelledCall::into(const ModelOperand &o) {
  bool queue = roleOf({}) == models::Role::Queue;
  clang::QualType type = typeOf(o);
  const auto *record = type->getAsCXXRecordDecl();
  if (!queue)
    return f.store(place(o), result.value);
  Operand got = happened && open ? choose(*happened, *open, Operand::integer(0)) : *open;
  bool object =
      record && f.unit.types.holding(type) == Holding::Object && !f.unit.types.model(type);
  Operand target = object ? f.fixed(value(o)) : Operand::opaque();
  Place where = object ? Place::none() : place(o);
  f.ifElse(got, [&] {
    if (object)
      f.fieldwise(record, target, result.value, /*isMove=*/true, /*assignment=*/true);
    else
      f.store(where, result.value);
  });
}

void ModelledCall::receive(const Step &step) {
  Operand channel = operand(step, 0);
  Register value = f.newRegister(), ok = f.newRegister();
  addWait(step, Opcode::Receive, {channel}, 0, {value, ok});
  result = Operand::reg(value);
  open = Operand::reg(ok);
  if (step.flags & models::PointedStep)
    intoPointed(step.operands[1]);
  else if (step.operands.size() > 1)
    into(step.operands[1]);
  if (step.flags & models::ThrowsStep)
    f.ifElse(*open, [] {}, [&] { f.raise(); });
}

namespace {

/// A select over one arm and the end of a context; whether the arm ran.
Operand selectOrDone(FunctionLowering &f, skeleton::SelectArm arm, Operand context) {
  Operand done = f.emit(Opcode::ContextDone, {context});
  skeleton::SelectArm end;
  end.kind = skeleton::SelectArm::Kind::Receive;
  end.channel = done;
  end.at = f.at();
  Instruction &i = f.add(Opcode::Select);
  i.arms = {std::move(arm), std::move(end)};
  Operand index = f.addResult();
  return f.emit(Opcode::Equal, {index, Operand::integer(0)});
}

} // namespace

void ModelledCall::sendOrDone(const Step &step) {
  skeleton::SelectArm arm;
  arm.kind = skeleton::SelectArm::Kind::Send;
  arm.channel = operand(step, 0);
  arm.value = payload(step.operands[1]);
  arm.at = f.at();
  happened = selectOrDone(f, std::move(arm), value(step.operands.back()));
}

void ModelledCall::receiveOrDone(const Step &step) {
  skeleton::SelectArm arm;
  arm.channel = operand(step, 0);
  arm.result = f.newRegister();
  arm.at = f.at();
  Register got = *arm.result;
  happened = selectOrDone(f, std::move(arm), value(step.operands.back()));
  result = Operand::reg(got);
}

// Timers and contexts

bool ModelledCall::lowerTime(const Step &step) {
  switch (step.effect) {
  case Effect::MakeTimer: {
    Values action = ownedRest(step, 0);
    result = f.make(PrimitiveKind::Timer, action,
                    step.flags & models::PeriodicStep ? skeleton::Periodic : 0);
    return true;
  }
  case Effect::TimerStart:
    f.add(Opcode::TimerStart, {operand(step, 0)});
    return true;
  case Effect::TimerStop:
    result = f.emit(Opcode::TimerStop, {operand(step, 0)});
    return true;
  case Effect::TimerReset: {
    Operand timer = operand(step, 0);
    result = f.emit(Opcode::TimerStop, {timer});
    f.add(Opcode::TimerStart, {timer});
    return true;
  }
  case Effect::TimerChannel:
    result = f.emit(Opcode::TimerChannel, {operand(step, 0)});
    return true;
  case Effect::After: {
    Operand timer = f.make(PrimitiveKind::Timer);
    f.add(Opcode::TimerStart, {timer});
    result = f.emit(Opcode::TimerChannel, {timer});
    return true;
  }
  case Effect::MakeContext:
    result = f.make(PrimitiveKind::Context, {operand(step, 0)},
                    step.flags & models::TimedStep ? skeleton::TimedContext : 0);
    return true;
  case Effect::WithCancel:
    withCancel(step);
    return true;
  case Effect::ContextDone:
    result = f.emit(Opcode::ContextDone, {operand(step, 0)});
    return true;
  case Effect::ContextError:
    result = f.emit(Opcode::ContextError, {operand(step, 0)});
    return true;
  case Effect::Cancel:
    f.add(Opcode::Cancel, {operand(step, 0)});
    return true;
  default:
    return false;
  }
}

/// The result class has one field for the context and one for what cancels it, told apart by their
/// types.
void ModelledCall::withCancel(const Step &step) {
  Operand parent = operand(step, 0);
  Operand context = f.make(PrimitiveKind::Context, {parent},
                           step.flags & models::TimedStep ? skeleton::TimedContext : 0);
  Operand canceller = f.make(PrimitiveKind::Canceller, {context});
  const clang::CXXRecordDecl *record = site.type->getAsCXXRecordDecl();
  result = f.newObject(f.unit.plainClass("cancellable context"));
  if (!record)
    return;
  for (const clang::FieldDecl *field : record->fields()) {
    const models::TypeModel *model = f.unit.types.model(field->getType());
    if (model && model->role == models::Role::Context)
      f.storeField(result.value, f.unit.fieldName(field), context);
    else if (model && model->role == models::Role::Canceller)
      f.storeField(result.value, f.unit.fieldName(field), canceller);
  }
}

} // namespace sluice::checker::frontend
