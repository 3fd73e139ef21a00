// Lowers operators on tracked values, and conditions as control flow.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

bool isTrackable(QualType type) {
  return type->isIntegralOrEnumerationType() || type->isAnyPointerType() || type->isNullPtrType();
}

} // namespace

Operand FunctionLowering::arithmetic(BinaryOperatorKind op, Operand a, Operand b, QualType type) {
  if (type->isPointerType() && !BinaryOperator::isComparisonOp(op))
    return Operand::opaque();
  bool isBool = type->isBooleanType();
  if (BinaryOperator::isCompoundAssignmentOp(op))
    op = BinaryOperator::getOpForCompoundAssignment(op);
  switch (op) {
  case BO_Add:
    return emit(Opcode::Add, {a, b});
  case BO_Sub:
    return emit(Opcode::Sub, {a, b});
  case BO_Mul:
    return emit(Opcode::Mul, {a, b});
  case BO_Div:
    return emit(Opcode::Divide, {a, b});
  case BO_Rem:
    return emit(Opcode::Remainder, {a, b});
  case BO_Shl:
    return emit(Opcode::ShiftLeft, {a, b});
  case BO_Shr:
    return emit(Opcode::ShiftRight, {a, b});
  case BO_EQ:
    return emit(Opcode::Equal, {a, b});
  case BO_NE:
    return emit(Opcode::NotEqual, {a, b});
  case BO_LT:
    return emit(Opcode::Less, {a, b});
  case BO_GT:
    return emit(Opcode::Less, {b, a});
  case BO_LE:
    return emit(Opcode::LessEqual, {a, b});
  case BO_GE:
    return emit(Opcode::LessEqual, {b, a});
  case BO_And:
    return emit(isBool ? Opcode::And : Opcode::BitAnd, {a, b});
  case BO_Or:
    return emit(isBool ? Opcode::Or : Opcode::BitOr, {a, b});
  case BO_Xor:
    return emit(Opcode::BitXor, {a, b});
  default:
    return Operand::opaque();
  }
}

Lowered FunctionLowering::lowerBinary(const BinaryOperator *e) {
  if (e->isAssignmentOp())
    return lowerAssignment(e);
  if (e->isLogicalOp())
    return lowerLogical(e);
  if (e->getOpcode() == BO_Comma) {
    effects(e->getLHS());
    return lower(e->getRHS());
  }
  if (e->isPtrMemOp()) {
    effects(e->getLHS());
    effects(e->getRHS());
    gap("a pointer to member");
    return Lowered();
  }
  Operand a = value(e->getLHS()), b = value(e->getRHS());
  if (!isTrackable(e->getLHS()->getType()) || !isTrackable(e->getRHS()->getType()))
    return Lowered();
  QualType type = e->isComparisonOp() ? e->getLHS()->getType() : e->getType();
  // `a & b` on bools is computed as int.
  if (e->getLHS()->IgnoreImpCasts()->getType()->isBooleanType() &&
      e->getRHS()->IgnoreImpCasts()->getType()->isBooleanType())
    type = unit.context.BoolTy;
  return arithmetic(e->getOpcode(), a, b, type);
}

Lowered FunctionLowering::lowerAssignment(const BinaryOperator *e) {
  Operand v = value(e->getRHS());
  if (e->getLHS()->getType()->isRecordType()) { // C: structures are assigned field by field
    Operand to = value(e->getLHS());
    if (unit.types.holding(e->getLHS()->getType()) == Holding::Object)
      fieldwise(e->getLHS()->getType()->getAsRecordDecl(), to, v, /*isMove=*/false);
    return to;
  }
  Lowered target = lower(e->getLHS());
  if (!target.place)
    return target;
  if (e->isCompoundAssignmentOp())
    v = arithmetic(e->getOpcode(), load(*target.place), v, e->getLHS()->getType());
  store(*target.place, v);
  // Whoever reads it from a place that is not followed may use what it leads to.
  const QualType type = e->getLHS()->getType();
  if (target.place->kind == Place::Kind::Untracked && v.kind == Operand::Kind::Register &&
      (type->isIntegerType() || unit.types.mayReach(type)))
    add(Opcode::Escape, {v});
  return target;
}

void FunctionLowering::condition(const Expr *e, BlockId yes, BlockId no) {
  const Expr *bare = e->IgnoreParens();
  if (!e->isValueDependent())
    if (auto k = constant(e))
      return jump(k->value ? yes : no);
  if (const auto *u = llvm::dyn_cast<UnaryOperator>(bare); u && u->getOpcode() == UO_LNot)
    return condition(u->getSubExpr(), no, yes);
  const auto *b = llvm::dyn_cast<BinaryOperator>(bare);
  if (!b || !b->isLogicalOp())
    return branch(value(e), yes, no);
  BlockId next = newBlock();
  bool isAnd = b->getOpcode() == BO_LAnd;
  condition(b->getLHS(), isAnd ? next : yes, isAnd ? no : next);
  startBlock(next);
  Conditionally some(*this);
  condition(b->getRHS(), yes, no);
}

Lowered FunctionLowering::lowerLogical(const Expr *e) {
  Register r = newRegister();
  BlockId yes = newBlock(), no = newBlock(), after = newBlock();
  condition(e, yes, no);
  startBlock(yes);
  assign(r, Operand::integer(1));
  jump(after);
  startBlock(no);
  assign(r, Operand::integer(0));
  jump(after);
  startBlock(after);
  return Operand::reg(r);
}

Lowered FunctionLowering::lowerConditional(const AbstractConditionalOperator *e, bool asValue) {
  BlockId yes = newBlock(), no = newBlock(), after = newBlock();
  if (const auto *b = llvm::dyn_cast<BinaryConditionalOperator>(e)) {
    Operand v = fixed(value(b->getCommon()));
    opaqueValues[b->getOpaqueValue()] = v;
  }
  condition(e->getCond(), yes, no);
  Register r = newRegister();
  bool places = !asValue && e->isGLValue() && !e->getType()->isFunctionType() &&
                unit.types.holding(e->getType()) == Holding::Value;
  auto arm = [&](BlockId block, const Expr *part) {
    Conditionally some(*this);
    startBlock(block);
    if (e->getType()->isVoidType())
      effects(part);
    else
      assign(r, places ? addressOf(place(part)) : value(part));
    jump(after);
  };
  arm(yes, e->getTrueExpr());
  arm(no, e->getFalseExpr());
  startBlock(after);
  return places ? Lowered(Place::at(Operand::reg(r))) : Lowered(Operand::reg(r));
}

Operand FunctionLowering::ownedConditional(const ConditionalOperator *e) {
  BlockId yes = newBlock(), no = newBlock(), after = newBlock();
  condition(e->getCond(), yes, no);
  Register r = newRegister();
  for (auto [block, part] : {std::pair(yes, e->getTrueExpr()), std::pair(no, e->getFalseExpr())}) {
    Conditionally some(*this);
    startBlock(block);
    assign(r, owned(part));
    jump(after);
  }
  startBlock(after);
  return Operand::reg(r);
}

Lowered FunctionLowering::increment(const UnaryOperator *e) {
  Lowered target = lower(e->getSubExpr());
  if (!target.place)
    return target;
  Operand old = load(*target.place);
  if (e->isPostfix())
    old = fixed(old);
  Operand one = Operand::integer(1);
  BinaryOperatorKind op = e->isIncrementOp() ? BO_Add : BO_Sub;
  store(*target.place, arithmetic(op, old, one, e->getType()));
  return e->isPostfix() ? Lowered(old) : target;
}

Operand FunctionLowering::addressOfExpr(const Expr *e) {
  const auto *ref = llvm::dyn_cast<DeclRefExpr>(e->IgnoreParens());
  const auto *method = ref ? llvm::dyn_cast<CXXMethodDecl>(ref->getDecl()) : nullptr;
  if (method && !method->isStatic())
    return Operand::function(unit.memberPointer(method));
  if (ref && llvm::isa<FieldDecl>(ref->getDecl()))
    return Operand::opaque();
  Lowered l = lower(e);
  return l.place ? addressOf(*l.place) : l.value;
}

Lowered FunctionLowering::lowerUnary(const UnaryOperator *e) {
  const Expr *sub = e->getSubExpr();
  switch (e->getOpcode()) {
  case UO_AddrOf:
    return addressOfExpr(sub);
  case UO_Deref:
    if (e->getType()->isFunctionType())
      return value(sub);
    if (std::optional<ModelledSite> site = siteOf(sub);
        site && !site->model->steps.empty() &&
        site->model->steps.front().effect == models::Effect::LastError)
      return lastError();
    return pointee(value(sub), e->getType());
  case UO_LNot:
    return emit(Opcode::Not, {value(sub)});
  case UO_Minus: {
    Operand v = value(sub);
    return isTrackable(e->getType()) ? emit(Opcode::Sub, {Operand::integer(0), v})
                                     : Operand::opaque();
  }
  case UO_Not:
    return emit(Opcode::BitXor, {value(sub), Operand::integer(-1)});
  case UO_Plus:
  case UO_Extension:
    return lower(sub);
  case UO_PreInc:
  case UO_PreDec:
  case UO_PostInc:
  case UO_PostDec:
    return increment(e);
  default:
    effects(sub);
    return Lowered();
  }
}
