// Lowers modelled calls on barriers, and waits on atomics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A barrier is an object with the fields `expected`, `left`, `completion`, and `phase`: a one-shot
// event that the last to arrive sets, after it has put the next one in its place. An atomic that is
// waited on anywhere in the file has a condition, and a lock for the step from looking at the value
// to waiting.
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using models::Effect;

bool ModelledCall::lowerBarrier(const Step &step) {
  switch (step.effect) {
  case Effect::MakeBarrier:
    makeBarrier(step);
    return true;
  case Effect::BarrierReset: {
    Operand barrier = operand(step, 0), count = operand(step, 1);
    f.storeField(barrier, "expected", count);
    f.storeField(barrier, "left", count);
    return true;
  }
  case Effect::BarrierArrive:
    result = arrive(step.operands[0], operand(step, 1));
    return true;
  case Effect::BarrierWait:
    f.add(Opcode::WaitEvent, {operand(step, 1)});
    return true;
  case Effect::BarrierArriveAndWait:
    f.add(Opcode::WaitEvent, {arrive(step.operands[0], Operand::integer(1))});
    return true;
  case Effect::BarrierDrop: {
    Operand expected = f.addressOf(Place::of(operand(step, 0), f.unit.field("expected")));
    f.emit(Opcode::AtomicAdd, {expected, Operand::integer(-1)});
    arrive(step.operands[0], Operand::integer(1));
    return true;
  }
  default:
    return false;
  }
}

void ModelledCall::makeBarrier(const Step &step) {
  Operand count = operand(step, 0);
  Operand completion = step.operands.size() > 1 ? owned(step.operands[1]) : Operand::null();
  Operand phase = f.make(PrimitiveKind::Event);
  Operand barrier = f.newObject(f.unit.plainClass("barrier"));
  f.storeField(barrier, "expected", count);
  f.storeField(barrier, "left", count);
  f.storeField(barrier, "completion", completion);
  f.storeField(barrier, "phase", phase);
  result = barrier;
}

namespace {
clang::QualType pointee(clang::QualType type) {
  return type->isPointerType() ? type->getPointeeType() : type;
}
} // namespace

/// The event of the phase after this one, which goes by the barrier's name.
Operand ModelledCall::newPhase(const ModelOperand &barrier) {
  const clang::Expr *e = expr(barrier);
  Emitter::About subject(
      f, {e ? f.nameOf(e) : "", f.unit.types.display(pointee(typeOf(barrier))), f.at()});
  return f.make(PrimitiveKind::Event);
}

/// Gives the event that ends the phase. Whoever comes last runs the completion, and begins the next
/// phase before it ends this one.
Operand ModelledCall::arrive(const ModelOperand &o, Operand count) {
  Operand barrier = f.fixed(value(o));
  Operand token = f.fixed(f.loadField(barrier, "phase"));
  Operand left = f.addressOf(Place::of(barrier, f.unit.field("left")));
  Operand before = f.emit(Opcode::AtomicAdd, {left, negated(count)});
  f.ifElse(f.emit(Opcode::Equal, {before, count}), [&] {
    Operand completion = f.fixed(f.loadField(barrier, "completion"));
    f.ifElse(f.emit(Opcode::NotEqual, {completion, Operand::null()}),
             [&] { f.callSlot("()", {completion}, /*isVirtual=*/false); });
    f.storeField(barrier, "left", f.loadField(barrier, "expected"));
    f.storeField(barrier, "phase", newPhase(o));
    f.add(Opcode::SetEvent, {token});
  });
  return token;
}

// Atomics

/// Whether anything in this file waits on atomics of this type.
bool ModelledCall::isWaitedOn(clang::QualType atomic) const {
  const clang::CXXRecordDecl *record =
      atomic.isNull() ? nullptr : atomic.getNonReferenceType()->getAsCXXRecordDecl();
  auto waits = [&](const clang::CXXRecordDecl *c) {
    return llvm::any_of(c->methods(), [&](const clang::CXXMethodDecl *m) {
      if (!m->getIdentifier() || !(m->isReferenced() || m->isUsed(false)))
        return false;
      const models::CallModel *model = f.unit.models.findCall({f.unit.types.canonicalName(m)}, {});
      return model && llvm::any_of(model->steps, [](const Step &step) {
               return step.effect == Effect::CellWait;
             });
    });
  };
  if (!record || !record->hasDefinition())
    return false;
  if (waits(record))
    return true;
  return llvm::any_of(record->bases(), [&](const clang::CXXBaseSpecifier &b) {
    const clang::CXXRecordDecl *base = b.getType()->getAsCXXRecordDecl();
    return base && base->hasDefinition() && waits(base);
  });
}

void ModelledCall::makeWaiters(Operand cell) {
  f.storeField(cell, "lock", f.make(PrimitiveKind::Mutex));
  f.storeField(cell, "waiters", f.make(PrimitiveKind::Condition));
}

bool ModelledCall::lowerCellWait(const Step &step) {
  if (step.effect == Effect::CellWait)
    cellWait(step);
  else if (step.effect == Effect::CellNotify)
    cellNotify(step);
  else
    return false;
  return true;
}

/// Looks at the value and waits, in one step, until it is another one.
void ModelledCall::cellWait(const Step &step) {
  Operand cell = f.fixed(operand(step, 0)), old = f.fixed(owned(step.operands[1]));
  Operand mutex = f.fixed(f.loadField(cell, "lock"));
  Operand waiters = f.fixed(f.loadField(cell, "waiters"));
  lock(mutex, 0);
  f.loop(
      [&](BlockId yes, BlockId no) {
        f.branch(f.emit(Opcode::Equal, {f.loadField(cell, "*"), old}), yes, no);
      },
      [&] { waitOnce(waiters, mutex, 0); });
  unlock(mutex, 0);
}

void ModelledCall::cellNotify(const Step &step) {
  if (!isWaitedOn(typeOf(step.operands[0])))
    return;
  Operand cell = f.fixed(operand(step, 0));
  Operand mutex = f.fixed(f.loadField(cell, "lock"));
  lock(mutex, 0);
  f.add(Opcode::Notify, {f.loadField(cell, "waiters")}).flags =
      step.flags & models::AllStep ? skeleton::All : 0;
  unlock(mutex, 0);
}

} // namespace sluice::checker::frontend
