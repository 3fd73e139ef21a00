// Lowers modelled calls on locks, guards, conditions, counters and semaphores.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A guard is an object with the fields `lock` and `owns`, so that deferred, adopted, released and
// moved-from guards are plain data to the analysis.
#include "frontend/ModelledCall.h"

#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::frontend {

using models::Effect;

namespace {

uint16_t modeOf(uint16_t stepFlags) {
  return (stepFlags & models::SharedStep ? skeleton::Shared : 0) |
         (stepFlags & models::TryStep ? skeleton::Try : 0) |
         (stepFlags & models::TimedStep ? skeleton::Timed : 0);
}

} // namespace

bool ModelledCall::lowerLock(const Step &step) {
  switch (step.effect) {
  case Effect::Lock:
    lock(operand(step, 0), modeOf(step.flags), typeOf(step.operands[0]), nameOf(step, 0));
    return true;
  case Effect::Unlock:
    unlock(operand(step, 0), modeOf(step.flags));
    return true;
  case Effect::MakeGuard:
    makeGuard(step);
    return true;
  case Effect::MakeMultiGuard:
    makeMultiGuard(step);
    return true;
  case Effect::GuardLock:
    guardLock(step);
    return true;
  case Effect::GuardUnlock: {
    Operand guard = operand(step, 0);
    unlock(f.loadField(guard, "lock"), modeOf(step.flags));
    f.storeField(guard, "owns", Operand::integer(0));
    return true;
  }
  case Effect::GuardRelease: {
    Operand guard = operand(step, 0);
    result = f.loadField(guard, "lock");
    f.storeField(guard, "owns", Operand::integer(0));
    f.storeField(guard, "lock", Operand::null());
    return true;
  }
  case Effect::GuardOwns:
    result = f.loadField(operand(step, 0), "owns");
    return true;
  case Effect::GuardMutex:
    result = f.loadField(operand(step, 0), "lock");
    return true;
  case Effect::GuardEnd:
    if (roleOf(step.operands[0]) == models::Role::MultiGuard)
      endMultiGuard(operand(step, 0));
    else
      endGuard(operand(step, 0), modeOf(step.flags));
    return true;
  case Effect::GuardMove: {
    // The guard of a lock cannot be copied; what a copy of another one has is not followed.
    const auto *made = llvm::dyn_cast_or_null<clang::CXXConstructorDecl>(site.callee);
    if (made && made->isCopyConstructor())
      return false;
    result = moveGuard(operand(step, 0));
    return true;
  }
  case Effect::GuardAssign: {
    Operand to = operand(step, 0), from = operand(step, 1);
    endGuard(to, modeOf(step.flags));
    Operand moved = moveGuard(from);
    for (const char *field : {"lock", "owns"})
      f.storeField(to, field, f.loadField(moved, field));
    return true;
  }
  default:
    return false;
  }
}

void ModelledCall::tryResult(uint16_t flags) {
  if (flags & (skeleton::Try | skeleton::Timed))
    happened = f.addResult();
}

/// Whether the type is, or guards, a lock that its owner may take again.
bool ModelledCall::isRecursive(clang::QualType type) const {
  if (type.isNull())
    return false;
  type = type.getNonReferenceType();
  if (const models::TypeModel *model =
          f.unit.types.model(type->isPointerType() ? type->getPointeeType() : type))
    if (model->recursive)
      return true;
  const auto *guard =
      llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(type->getAsCXXRecordDecl());
  return guard && llvm::any_of(guard->getTemplateArgs().asArray(), [&](const auto &argument) {
           return argument.getKind() == clang::TemplateArgument::Type &&
                  isRecursive(argument.getAsType());
         });
}

std::string ModelledCall::nameOf(const Step &step, size_t operand) const {
  const clang::Expr *e = operand < step.operands.size() ? expr(step.operands[operand]) : nullptr;
  return e ? f.nameOf(e) : std::string();
}

void ModelledCall::lock(Operand m, uint16_t flags, clang::QualType type, std::string name) {
  skeleton::Instruction &instruction = f.add(Opcode::Lock, {m});
  instruction.flags = flags | (isRecursive(type) ? skeleton::Recursive : 0);
  instruction.name = std::move(name);
  tryResult(flags);
}

void ModelledCall::unlock(Operand m, uint16_t flags) {
  f.add(Opcode::Unlock, {m}).flags = flags & skeleton::Shared;
}

Operand ModelledCall::newGuard(Operand lock, Operand owns) {
  Operand guard = f.newObject(f.unit.plainClass("guard"));
  f.storeField(guard, "lock", lock);
  f.storeField(guard, "owns", owns);
  return guard;
}

void ModelledCall::makeGuard(const Step &step) {
  if (step.operands.empty()) {
    result = newGuard(Operand::null(), Operand::integer(0));
    return;
  }
  Operand m = operand(step, 0);
  Operand owns = Operand::integer(step.flags & models::DeferredStep ? 0 : 1);
  if (!(step.flags & (models::DeferredStep | models::AdoptedStep))) {
    lock(m, modeOf(step.flags), typeOf(step.operands[0]), nameOf(step, 0));
    owns = happened.value_or(owns);
  }
  result = newGuard(m, owns);
}

/// All or nothing: the locks are taken in an order that cannot deadlock, which is what trying each
/// in turn comes to, and is exact for a single one.
void ModelledCall::makeMultiGuard(const Step &step) {
  Operand locks = f.emit(Opcode::NewSequence);
  for (const clang::Expr *e : rest(step, 0))
    f.add(Opcode::PushBack, {locks, f.value(e)});
  bool adopted = step.flags & models::AdoptedStep;
  llvm::ArrayRef<const clang::Expr *> all = rest(step, 0);
  if (!adopted && all.size() == 1)
    lock(f.emit(Opcode::ElementAt, {locks, Operand::integer(0)}), 0, all[0]->getType(),
         f.nameOf(all[0]));
  else if (!adopted && !all.empty())
    lockAll(locks, all.size());
  result = f.newObject(f.unit.plainClass("multi guard"));
  f.storeField(result.value, "locks", locks);
}

/// Takes the first, tries the others, and starts again when one is held: std::lock's way.
void ModelledCall::lockAll(Operand locks, size_t count) {
  BlockId start = f.newBlock(), done = f.newBlock();
  auto at = [&](size_t i) {
    return f.emit(Opcode::ElementAt, {locks, Operand::integer(static_cast<int64_t>(i))});
  };
  f.jump(start);
  f.startBlock(start);
  lock(at(0), 0);
  for (size_t i = 1; i < count; ++i) {
    lock(at(i), skeleton::Try);
    BlockId next = i + 1 == count ? done : f.newBlock(), back = f.newBlock();
    f.branch(*happened, next, back);
    f.startBlock(back);
    for (size_t held = i; held-- > 0;)
      unlock(at(held), 0);
    f.add(Opcode::Yield);
    f.jump(start);
    f.startBlock(next);
  }
  happened.reset();
}

/// The first lock that is held by another, or -1 and all are taken.
void ModelledCall::tryEach(Operand locks, size_t count) {
  Register first = f.newRegister();
  BlockId done = f.newBlock();
  for (size_t i = 0; i < count; ++i) {
    lock(f.emit(Opcode::ElementAt, {locks, Operand::integer(int64_t(i))}), skeleton::Try);
    BlockId next = f.newBlock(), back = f.newBlock();
    f.branch(*happened, next, back);
    f.startBlock(back);
    for (size_t held = i; held-- > 0;)
      unlock(f.emit(Opcode::ElementAt, {locks, Operand::integer(int64_t(held))}), 0);
    f.assign(first, Operand::integer(int64_t(i)));
    f.jump(done);
    f.startBlock(next);
  }
  f.assign(first, Operand::integer(-1));
  f.jump(done);
  f.startBlock(done);
  happened.reset();
  result = Operand::reg(first);
}

/// A lock, or that of a guard that does not own it yet.
Operand ModelledCall::lockable(const clang::Expr *e) {
  const models::TypeModel *model = f.unit.types.model(e->getType());
  Operand v = f.value(e);
  return model && model->role == models::Role::MovableGuard ? f.loadField(v, "lock") : v;
}

void ModelledCall::lockEach(const Step &step) {
  llvm::ArrayRef<const clang::Expr *> all = rest(step, 0);
  Operand locks = f.emit(Opcode::NewSequence);
  for (const clang::Expr *e : all)
    f.add(Opcode::PushBack, {locks, lockable(e)});
  bool tries = step.flags & models::TryStep;
  tries ? tryEach(locks, all.size()) : lockAll(locks, all.size());
  Operand owns =
      tries ? f.emit(Opcode::Equal, {result.value, Operand::integer(-1)}) : Operand::integer(1);
  for (const clang::Expr *e : all) {
    const models::TypeModel *model = f.unit.types.model(e->getType());
    if (model && model->role == models::Role::MovableGuard)
      f.storeField(f.value(e), "owns", owns);
  }
}

void ModelledCall::endMultiGuard(Operand guard) {
  Operand locks = f.loadField(guard, "locks");
  f.forEachIndex(locks, [&](Operand i) { unlock(f.emit(Opcode::ElementAt, {locks, i}), 0); });
}

void ModelledCall::guardLock(const Step &step) {
  Operand guard = operand(step, 0);
  lock(f.loadField(guard, "lock"), modeOf(step.flags), typeOf(step.operands[0]));
  f.storeField(guard, "owns", happened.value_or(Operand::integer(1)));
}

void ModelledCall::endGuard(Operand guard, uint16_t flags) {
  f.ifElse(f.loadField(guard, "owns"), [&] { unlock(f.loadField(guard, "lock"), flags); });
}

Operand ModelledCall::moveGuard(Operand from) {
  Operand made = newGuard(f.loadField(from, "lock"), f.loadField(from, "owns"));
  f.storeField(from, "owns", Operand::integer(0));
  f.storeField(from, "lock", Operand::null());
  return made;
}

// Conditions

/// The lock of a guard, or the lock itself.
Operand ModelledCall::guarded(const ModelOperand &o) {
  Operand v = value(o);
  models::Role role = roleOf(o);
  bool isGuard = role == models::Role::Guard || role == models::Role::MovableGuard;
  return isGuard ? f.fixed(f.loadField(v, "lock")) : v;
}

/// Whether a guard holds its lock in shared mode: its destructor's model says how it unlocks.
uint16_t ModelledCall::guardFlags(const ModelOperand &o) {
  const models::TypeModel *type = f.unit.types.model(typeOf(o));
  const models::CallModel *end =
      type ? f.unit.models.findCall({type->name + "::destructor"}, {}) : nullptr;
  return end && !end->steps.empty() ? modeOf(end->steps.front().flags) & skeleton::Shared : 0;
}

void ModelledCall::waitOnce(Operand condition, Operand mutex, uint16_t flags) {
  f.add(Opcode::Wait, {condition, mutex}).flags = flags;
  tryResult(flags);
}

void ModelledCall::wait(const Step &step) {
  Operand condition = operand(step, 0);
  Operand mutex = guarded(step.operands[1]);
  uint16_t flags = modeOf(step.flags) | guardFlags(step.operands[1]);
  if (step.flags & models::UntilStep)
    flags |= skeleton::Timed;
  if (step.operands.size() > 2)
    waitUntil(step, condition, mutex, flags);
  else
    waitOnce(condition, mutex, flags);
}

/// while (!predicate()) wait; a timed wait that gives up asks the predicate once more. One that a
/// context ends may wake at any time, and goes on while the context lasts.
void ModelledCall::waitUntil(const Step &step, Operand condition, Operand mutex, uint16_t flags) {
  const ModelOperand &predicate = step.operands[2];
  Operand callable = owned(predicate);
  clang::QualType type = typeOf(predicate);
  Operand context = step.flags & models::UntilStep ? f.fixed(operand(step, 3)) : Operand::null();
  Register met = f.newRegister();
  BlockId test = f.newBlock(), waiting = f.newBlock(), done = f.newBlock();
  f.jump(test);
  f.startBlock(test);
  f.assign(met, f.invoke(callable, type, {}));
  f.branch(Operand::reg(met), done, waiting);
  f.startBlock(waiting);
  waitOnce(condition, mutex, flags);
  if (happened) {
    BlockId gaveUp = f.newBlock(), last = f.newBlock();
    f.branch(*happened, test, gaveUp);
    f.startBlock(gaveUp);
    bool ends = context != Operand::null() && !(step.flags & models::TimedStep);
    if (ends)
      f.branch(f.emit(Opcode::ContextError, {context}), last, test);
    else
      f.jump(last);
    f.startBlock(last);
    f.assign(met, f.invoke(callable, type, {}));
    f.jump(done);
  } else {
    f.jump(test);
  }
  f.startBlock(done);
  happened = Operand::reg(met);
}

// Counters, semaphores and one-shot events

/// What kind of lock it is: 0 plain, 1 recursive, as a number or in attributes that hold it. Bits
/// of the third operand say nothing of it.
void ModelledCall::setKind(const Step &step) {
  Operand m = operand(step, 0), kind = operand(step, 1);
  if (kind == Operand::null())
    kind = Operand::integer(0);
  else if (typeOf(step.operands[1])->isPointerType())
    kind = f.loadField(kind, "*");
  if (step.operands.size() > 2) {
    Operand mask = Operand::integer(~step.operands[2].value & 0xff);
    kind = kind.kind == Operand::Kind::Integer ? Operand::integer(kind.value & mask.value)
                                               : f.emit(Opcode::BitAnd, {kind, mask});
  }
  f.add(Opcode::Reset, {m, kind});
}

bool ModelledCall::lowerCounting(const Step &step) {
  switch (step.effect) {
  case Effect::LockAll:
    lockEach(step);
    return true;
  case Effect::Wait:
    wait(step);
    return true;
  case Effect::Notify:
    f.add(Opcode::Notify, {operand(step, 0)}).flags =
        step.flags & models::AllStep ? skeleton::All : 0;
    return true;
  case Effect::CounterAdd: {
    Operand counter = operand(step, 0), n = operand(step, 1);
    if (step.flags & models::MinusStep)
      n = negated(n);
    f.add(Opcode::CounterAdd, {counter, n});
    return true;
  }
  case Effect::CounterWait:
    f.add(Opcode::CounterWait, {operand(step, 0)}).flags = modeOf(step.flags);
    tryResult(modeOf(step.flags));
    return true;
  case Effect::Acquire: {
    Operand semaphore = operand(step, 0), n = operand(step, 1);
    f.add(Opcode::Acquire, {semaphore, n}).flags = modeOf(step.flags);
    tryResult(modeOf(step.flags));
    return true;
  }
  case Effect::Release: {
    Operand semaphore = operand(step, 0), n = operand(step, 1);
    f.add(Opcode::Release, {semaphore, n});
    return true;
  }
  case Effect::Reset:
    f.add(Opcode::Reset, {operand(step, 0), operand(step, 1)});
    return true;
  case Effect::SetKind:
    setKind(step);
    return true;
  case Effect::SetEvent:
    f.add(Opcode::SetEvent, {operand(step, 0)}).flags =
        step.flags & models::QuietStep ? skeleton::Quiet : 0;
    return true;
  case Effect::WaitEvent:
    f.add(Opcode::WaitEvent, {operand(step, 0)}).flags = modeOf(step.flags);
    tryResult(modeOf(step.flags));
    return true;
  default:
    return false;
  }
}

} // namespace sluice::checker::frontend
