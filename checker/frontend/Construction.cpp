// Lowers expressions that make objects: constructors called, aggregates, closures, new and delete.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

#include "llvm/ADT/ScopeExit.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// Longer tables than this are cut short.
constexpr uint64_t kListed = 64;

/// Whether a defaulted constructor does anything to the members that are tracked.
bool doesNothing(Types &types, const CXXRecordDecl *c) {
  auto isPlain = [&](const FieldDecl *f) {
    return !f->hasInClassInitializer() && !types.isMade(f->getType());
  };
  return c->getNumBases() == 0 && llvm::all_of(c->fields(), isPlain);
}

} // namespace

Lowered FunctionLowering::construct(const CXXConstructExpr *e) {
  QualType type = e->getType();
  if (e->isElidable() && e->getNumArgs())
    return owned(e->getArg(0));
  At place(*this, unit.span(e->getBeginLoc()));
  if (const auto *array = unit.context.getAsConstantArrayType(type)) {
    if (!unit.types.isReferred(type))
      return Lowered();
    return defaultValue(type, /*zero=*/array->getElementType()->isScalarType());
  }
  if (auto site = siteOfConstruct(e))
    return lowerModelledCall(*this, *site);
  if (unit.types.fixedSize(type) && e->getConstructor()->isDefaultConstructor())
    return defaultValue(type, e->requiresZeroInitialization());
  const CXXConstructorDecl *k = e->getConstructor();
  Holding holding = unit.types.holding(type);
  bool known = holding != Holding::Opaque;
  if (known && k->isCopyOrMoveConstructor() && e->getNumArgs() &&
      (unit.types.model(type) || !k->isUserProvided())) {
    Lowered from = lower(e->getArg(0));
    if (k->isMoveConstructor())
      return moveOf(type, from);
    return copyOf(type, from.place ? load(*from.place) : from.value);
  }
  if (holding == Holding::Object && !unit.types.model(type)) {
    Operand object = newObject(unit.classOf(type->getAsCXXRecordDecl()));
    callConstructor(object, e);
    return object;
  }
  About nothing(*this, {});
  Values tracked;
  for (const Expr *a : e->arguments()) {
    Operand v = value(a);
    if (v.kind == Operand::Kind::Register && unit.types.mayReach(a->getType()))
      tracked.push_back(v);
  }
  throwFrom(k);
  if (!tracked.empty())
    escape(tracked, unit.types.canonicalName(k->getParent()));
  if (known)
    gap("a constructor that no model describes: " + unit.types.canonicalName(k->getParent()));
  return Lowered();
}

void FunctionLowering::callConstructor(Operand object, const CXXConstructExpr *e) {
  const CXXConstructorDecl *k = e->getConstructor();
  if (e->requiresZeroInitialization())
    zeroMembers(object, k->getParent());
  if (!k->isUserProvided() && doesNothing(unit.types, k->getParent()))
    return;
  About nothing(*this, {});
  Values args{object};
  arguments(llvm::ArrayRef(const_cast<const Expr *const *>(e->getArgs()), e->getNumArgs()), k,
            args);
  throwFrom(k);
  call(unit.function(k), args);
}

void FunctionLowering::constructInto(Operand object, const Expr *e) {
  e = e->IgnoreImplicit();
  if (const auto *k = llvm::dyn_cast<CXXConstructExpr>(e)) {
    const CXXConstructorDecl *c = k->getConstructor();
    if (c->isCopyOrMoveConstructor() && !c->isUserProvided())
      return fieldwise(c->getParent(), object, value(k->getArg(0)), c->isMoveConstructor(),
                       /*assignment=*/false);
    return callConstructor(object, k);
  }
  if (const auto *i = llvm::dyn_cast<CXXInheritedCtorInitExpr>(e)) {
    Values args{object};
    for (unsigned n = 0; n != function->getNumParams(); ++n)
      args.push_back(Operand::reg(n + 1));
    call(unit.function(i->getConstructor()), args);
    return;
  }
  const auto *list = llvm::dyn_cast<InitListExpr>(e);
  if (list && list->isSemanticForm() && !list->isTransparent())
    return fillFrom(
        object, e->getType()->getAsCXXRecordDecl(),
        llvm::ArrayRef(const_cast<Expr *const *>(list->getInits()), list->getNumInits()));
  Operand from = value(e);
  if (const auto *c = e->getType()->getAsCXXRecordDecl(); c && c->hasDefinition())
    fieldwise(c, object, from, /*isMove=*/true, /*assignment=*/false);
}

void FunctionLowering::fillFrom(Operand object, const RecordDecl *c,
                                llvm::ArrayRef<Expr *> values) {
  // Default member initialisers inside speak of this object.
  Operand outer = std::exchange(thisObject, object);
  auto restore = llvm::make_scope_exit([&] { thisObject = outer; });
  size_t next = 0;
  if (const auto *cxx = llvm::dyn_cast<CXXRecordDecl>(c))
    for (const CXXBaseSpecifier &b : cxx->bases())
      if (next < values.size())
        baseInitialiser(object, b.getType(), values[next++]);
  for (const FieldDecl *f : c->fields()) {
    if (f->isUnnamedBitField())
      continue;
    if (next == values.size())
      break;
    const Expr *init = values[next++];
    bool isDefault = llvm::isa<CXXDefaultInitExpr>(init);
    if (!isDefault)
      thisObject = outer;
    storeMember(object, f, init, unit.span(isDefault ? f->getLocation() : init->getBeginLoc()));
    thisObject = object;
  }
}

Operand FunctionLowering::lowerSequenceInit(const InitListExpr *e, QualType type) {
  Operand result = emit(Opcode::NewSequence);
  for (const Expr *part : e->inits().take_front(kListed))
    add(Opcode::PushBack, {result, owned(part)});
  const auto *array = unit.context.getAsConstantArrayType(type);
  uint64_t size = array ? std::min(array->getZExtSize(), kListed) : e->getNumInits();
  for (uint64_t i = e->getNumInits(); i < size && e->getArrayFiller(); ++i)
    add(Opcode::PushBack, {result, owned(e->getArrayFiller())});
  return result;
}

Operand FunctionLowering::lowerInitList(const InitListExpr *e) {
  QualType type = e->getType();
  if (!e->isSemanticForm() && e->getSemanticForm())
    e = e->getSemanticForm();
  if (e->isTransparent() || (type->isScalarType() && e->getNumInits() == 1))
    return owned(e->getInit(0));
  Holding holding = unit.types.holding(type);
  if (holding == Holding::Primitive && unit.types.model(type))
    return defaultValue(type, /*zero=*/true); // PTHREAD_MUTEX_INITIALIZER and its like
  About nothing(*this, {});
  if (type->isArrayType() && holding == Holding::Sequence)
    return lowerSequenceInit(e, type);
  if (holding == Holding::Sequence && e->getNumInits() == 1 &&
      llvm::isa<InitListExpr>(e->getInit(0)))
    return lowerSequenceInit(llvm::cast<InitListExpr>(e->getInit(0)), e->getInit(0)->getType());
  if (unit.types.fixedSize(type))
    return defaultValue(type, /*zero=*/true);
  if (type->isScalarType() && e->getNumInits() == 0)
    return defaultValue(type, /*zero=*/true);
  const RecordDecl *c = type->getAsRecordDecl();
  if (holding != Holding::Object || !c) {
    for (const Expr *part : e->inits())
      effects(part);
    return holding == Holding::Sequence ? emit(Opcode::NewSequence) : Operand::opaque();
  }
  Operand object = newObject(unit.classOf(c));
  fillFrom(object, c, llvm::ArrayRef(const_cast<Expr *const *>(e->getInits()), e->getNumInits()));
  return object;
}

Operand FunctionLowering::lowerLambda(const LambdaExpr *e) {
  At place(*this, unit.span(e->getBeginLoc()));
  About nothing(*this, {});
  const CXXRecordDecl *c = e->getLambdaClass();
  llvm::SmallVector<std::pair<std::string, Operand>, 4> held;
  auto field = c->field_begin();
  auto init = e->capture_init_begin();
  for (const LambdaCapture &capture : e->captures()) {
    const FieldDecl *f = *field++;
    const Expr *from = *init++;
    if (capture.capturesVLAType())
      continue;
    QualType type = f->getType();
    if (unit.types.holding(type) == Holding::Opaque) {
      if (capture.capturesVariable() && llvm::isa<VarDecl>(capture.getCapturedVar()) &&
          llvm::cast<VarDecl>(capture.getCapturedVar())->isInitCapture())
        effects(from);
      continue;
    }
    Operand v = !type->isReferenceType()                     ? owned(from)
                : unit.types.holding(type) != Holding::Value ? value(from)
                                                             : captureReference(from);
    held.push_back({unit.fieldName(f), v});
  }
  Operand object = newObject(unit.classOf(c));
  for (auto &[name, v] : held)
    storeField(object, name, v);
  return object;
}

Operand FunctionLowering::captureReference(const Expr *e) {
  Lowered l = lower(e);
  return l.place ? addressOf(*l.place) : l.value;
}

Operand FunctionLowering::lowerNew(const CXXNewExpr *e) {
  At place(*this, unit.span(e->getBeginLoc()));
  for (const Expr *a : e->placement_arguments())
    effects(a);
  QualType type = e->getAllocatedType();
  if (e->isArray()) {
    Operand count = e->getArraySize() ? value(*e->getArraySize()) : Operand::opaque();
    if (count.kind != Operand::Kind::Integer || count.value < 0 || count.value > 64 ||
        !unit.types.mayReach(type))
      return Operand::opaque();
    Operand result = emit(Opcode::NewSequence);
    for (int64_t i = 0; i < count.value; ++i)
      add(Opcode::PushBack, {result, defaultValue(type, e->hasInitializer())});
    return result;
  }
  const Expr *init = e->getInitializer();
  Operand made = init ? owned(init) : defaultValue(type, /*zero=*/false);
  if (unit.types.holding(type) != Holding::Value)
    return made;
  return addressOf(Place::of(newCell(made), unit.field("*")));
}

void FunctionLowering::lowerDelete(const CXXDeleteExpr *e) {
  At place(*this, unit.span(e->getBeginLoc()));
  Operand object = fixed(value(e->getArgument()));
  QualType type = e->getDestroyedType();
  if (type.isNull() || !unit.types.hasEnd(type) || !unit.types.isReferred(type) ||
      object.kind == Operand::Kind::Opaque)
    return;
  ifElse(emit(Opcode::NotEqual, {object, Operand::null()}), [&] { destroyPointee(type, object); });
}
