// Lowers expressions: wrappers, leaves, members, casts and full expressions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

#include "llvm/ADT/ScopeExit.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// Deeper expressions than this are generated tables, and would exhaust the stack.
constexpr unsigned kDeepest = 200;

} // namespace

Operand FunctionLowering::value(const Expr *e) {
  Lowered l = lower(e);
  return l.place ? load(*l.place) : l.value;
}

Place FunctionLowering::place(const Expr *e) {
  Lowered l = lower(e);
  return l.place ? *l.place : Place::none();
}

void FunctionLowering::effects(const Expr *e) { (void)lower(e); }

Operand sluice::checker::frontend::integer(const llvm::APSInt &value) {
  return value.isRepresentableByInt64() ? Operand::integer(value.getExtValue()) : Operand::opaque();
}

std::optional<Operand> FunctionLowering::constant(const Expr *e) {
  if (!e->getType()->isIntegralOrEnumerationType() || e->isValueDependent())
    return std::nullopt;
  Expr::EvalResult result;
  if (!e->EvaluateAsInt(result, unit.context, Expr::SE_NoSideEffects))
    return std::nullopt;
  return integer(result.Val.getInt());
}

Lowered FunctionLowering::lower(const Expr *e) {
  if (!e || e->containsErrors() || e->isTypeDependent() || e->isValueDependent())
    return Lowered();
  if (nesting > kDeepest) {
    gap("an expression nested too deeply");
    return Lowered();
  }
  ++nesting;
  auto leave = llvm::make_scope_exit([this] { --nesting; });
  if (e->isPRValue())
    if (auto k = constant(e))
      return *k;
  return lowerKind(e);
}

Lowered FunctionLowering::lowerKind(const Expr *e) {
  if (auto l = lowerWrapper(e))
    return *l;
  if (const auto *call = llvm::dyn_cast<CallExpr>(e))
    return lowerCall(call);
  if (const auto *cast = llvm::dyn_cast<CastExpr>(e))
    return lowerCast(cast);
  if (auto l = lowerLeaf(e))
    return *l;
  if (auto l = lowerMaking(e))
    return *l;
  if (const auto *s = llvm::dyn_cast<CoroutineSuspendExpr>(e))
    return lowerSuspension(s);
  if (const auto *u = llvm::dyn_cast<UnaryOperator>(e))
    return lowerUnary(u);
  if (const auto *b = llvm::dyn_cast<BinaryOperator>(e))
    return lowerBinary(b);
  if (const auto *c = llvm::dyn_cast<AbstractConditionalOperator>(e))
    return lowerConditional(c);
  gap(e->getStmtClassName());
  return Lowered();
}

Lowered FunctionLowering::fullExpression(llvm::function_ref<Lowered()> inside) {
  size_t base = depth();
  unsigned outer = std::exchange(conditional, 0);
  Lowered l = inside();
  conditional = outer;
  if (depth() > base && !l.place && l.value.kind == Operand::Kind::Register &&
      owners.contains(l.value.index))
    l.value = fixed(l.value);
  popCleanups(base);
  return l;
}

std::optional<Lowered> FunctionLowering::lowerWrapper(const Expr *e) {
  switch (e->getStmtClass()) {
  case Stmt::ParenExprClass:
    return lower(llvm::cast<ParenExpr>(e)->getSubExpr());
  case Stmt::ConstantExprClass:
    return lower(llvm::cast<ConstantExpr>(e)->getSubExpr());
  case Stmt::ExprWithCleanupsClass:
    return fullExpression([&] { return lower(llvm::cast<ExprWithCleanups>(e)->getSubExpr()); });
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return lower(llvm::cast<SubstNonTypeTemplateParmExpr>(e)->getReplacement());
  case Stmt::CXXDefaultArgExprClass:
    return lower(llvm::cast<CXXDefaultArgExpr>(e)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return lower(llvm::cast<CXXDefaultInitExpr>(e)->getExpr());
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return lower(llvm::cast<CXXRewrittenBinaryOperator>(e)->getSemanticForm());
  case Stmt::CXXStdInitializerListExprClass:
    return lower(llvm::cast<CXXStdInitializerListExpr>(e)->getSubExpr());
  case Stmt::GenericSelectionExprClass:
    return lower(llvm::cast<GenericSelectionExpr>(e)->getResultExpr());
  case Stmt::ChooseExprClass:
    return lower(llvm::cast<ChooseExpr>(e)->getChosenSubExpr());
  case Stmt::CXXBindTemporaryExprClass: {
    Lowered l = lower(llvm::cast<CXXBindTemporaryExpr>(e)->getSubExpr());
    QualType type = e->getType();
    if (unit.types.hasEnd(type)) {
      Operand v = l.place ? load(*l.place) : l.value;
      pushCleanup([=, this] { destroy(type, v); });
    }
    return l;
  }
  case Stmt::MaterializeTemporaryExprClass: {
    const auto *m = llvm::cast<MaterializeTemporaryExpr>(e);
    bool kept = m->getStorageDuration() == SD_Automatic;
    const auto *bound = llvm::dyn_cast<CXXBindTemporaryExpr>(m->getSubExpr()->IgnoreParenCasts());
    if (bound && !kept && unit.types.holding(e->getType()) == Holding::Value &&
        unit.types.hasEnd(e->getType())) { // a method may change what it holds before its end
      Place temporary = Place::reg(newRegister());
      assign(temporary.variable, value(bound->getSubExpr()));
      pushCleanup([=, this, type = e->getType()] { destroy(type, Lowered(temporary)); });
      return Lowered(temporary);
    }
    Operand v = kept ? owned(m->getSubExpr()) : value(m->getSubExpr());
    if (kept && unit.types.hasEnd(e->getType()))
      extended.push_back({e->getType(), v});
    if (unit.types.holding(e->getType()) == Holding::Value)
      return Lowered(Place::constant(v));
    return Lowered(v);
  }
  case Stmt::OpaqueValueExprClass: {
    const auto *o = llvm::cast<OpaqueValueExpr>(e);
    if (auto known = opaqueValues.find(o); known != opaqueValues.end())
      return known->second;
    return o->getSourceExpr() ? lower(o->getSourceExpr()) : Lowered();
  }
  case Stmt::StmtExprClass:
    return lowerStmtExpr(llvm::cast<StmtExpr>(e));
  default:
    return std::nullopt;
  }
}

Lowered FunctionLowering::lowerStmtExpr(const StmtExpr *e) {
  const CompoundStmt *body = e->getSubStmt();
  const Stmt *last = body->body_empty() ? nullptr : body->body_back();
  Lowered result;
  size_t base = depth();
  unsigned outer = std::exchange(conditional, 0);
  for (const Stmt *s : body->body()) {
    const auto *tail = s == last ? llvm::dyn_cast<Expr>(s) : nullptr;
    if (tail && !e->getType()->isVoidType())
      result = fixed(value(tail));
    else
      statement(s);
  }
  popCleanups(base);
  conditional = outer;
  return result;
}

std::optional<Lowered> FunctionLowering::lowerLeaf(const Expr *e) {
  switch (e->getStmtClass()) {
  case Stmt::DeclRefExprClass:
    return named(llvm::cast<DeclRefExpr>(e)->getDecl(), e);
  case Stmt::MemberExprClass:
    return lowerMember(llvm::cast<MemberExpr>(e));
  case Stmt::ArraySubscriptExprClass:
    return lowerSubscript(llvm::cast<ArraySubscriptExpr>(e));
  case Stmt::CXXThisExprClass:
    return Lowered(thisObject);
  case Stmt::CXXNullPtrLiteralExprClass:
  case Stmt::GNUNullExprClass:
    return Lowered(Operand::null());
  case Stmt::ImplicitValueInitExprClass:
  case Stmt::CXXScalarValueInitExprClass:
    return Lowered(defaultValue(e->getType(), /*zero=*/true));
  case Stmt::StringLiteralClass:
    return Lowered(textOf(llvm::cast<clang::StringLiteral>(e)));
  case Stmt::IntegerLiteralClass:
  case Stmt::CharacterLiteralClass:
  case Stmt::CXXBoolLiteralExprClass:
  case Stmt::FloatingLiteralClass:
  case Stmt::ImaginaryLiteralClass:
  case Stmt::PredefinedExprClass:
  case Stmt::CXXTypeidExprClass:
  case Stmt::UnaryExprOrTypeTraitExprClass:
  case Stmt::SizeOfPackExprClass:
  case Stmt::TypeTraitExprClass:
  case Stmt::CXXNoexceptExprClass:
  case Stmt::OffsetOfExprClass:
  case Stmt::SourceLocExprClass:
  case Stmt::ConceptSpecializationExprClass:
  case Stmt::RequiresExprClass:
  case Stmt::AddrLabelExprClass:
  case Stmt::CompoundLiteralExprClass:
    if (const auto *literal = llvm::dyn_cast<CompoundLiteralExpr>(e))
      return lower(literal->getInitializer());
    return Lowered();
  case Stmt::PackIndexingExprClass:
    return lower(llvm::cast<PackIndexingExpr>(e)->getSelectedExpr());
  default:
    return std::nullopt;
  }
}

std::optional<Lowered> FunctionLowering::lowerMaking(const Expr *e) {
  switch (e->getStmtClass()) {
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass:
    return construct(llvm::cast<CXXConstructExpr>(e));
  case Stmt::InitListExprClass:
    return Lowered(lowerInitList(llvm::cast<InitListExpr>(e)));
  case Stmt::LambdaExprClass:
    return Lowered(lowerLambda(llvm::cast<LambdaExpr>(e)));
  case Stmt::CXXNewExprClass:
    return Lowered(lowerNew(llvm::cast<CXXNewExpr>(e)));
  case Stmt::CXXDeleteExprClass:
    lowerDelete(llvm::cast<CXXDeleteExpr>(e));
    return Lowered(Operand::unit());
  case Stmt::CXXThrowExprClass:
    lowerThrow(llvm::cast<CXXThrowExpr>(e));
    return Lowered(Operand::unit());
  case Stmt::CXXParenListInitExprClass: {
    auto parts = const_cast<CXXParenListInitExpr *>(llvm::cast<CXXParenListInitExpr>(e));
    const auto *c = e->getType()->getAsCXXRecordDecl();
    if (!c || unit.types.holding(e->getType()) != Holding::Object) { // an array, or a union
      for (const Expr *part : parts->getInitExprs())
        effects(part);
      return Lowered(Operand::opaque());
    }
    Operand object = newObject(unit.classOf(c));
    fillFrom(object, c, parts->getInitExprs());
    return Lowered(object);
  }
  default:
    return std::nullopt;
  }
}

Lowered FunctionLowering::pointee(Operand pointer, QualType type) {
  Holding h = unit.types.holding(type);
  if (h == Holding::Opaque || pointer.kind == Operand::Kind::Opaque)
    return h == Holding::Value ? Lowered(Place::none()) : Lowered();
  return h == Holding::Value ? Lowered(Place::at(pointer)) : Lowered(pointer);
}

Lowered FunctionLowering::fieldOf(Operand object, const FieldDecl *f) {
  QualType type = f->getType();
  if (unit.types.holding(type) == Holding::Opaque || object.kind == Operand::Kind::Opaque)
    return unit.types.holding(type) == Holding::Value ? Lowered(Place::none()) : Lowered();
  Place p = Place::of(object, unit.field(unit.fieldName(f)));
  if (unit.types.isReferred(type))
    return load(p);
  return unit.types.byPlace(type) ? Place::at(load(p)) : p;
}

/// `it->first` and `it->second` of a map's iterator: the entry itself, so that it can be assigned.
std::optional<Lowered> FunctionLowering::entryMember(const MemberExpr *e) {
  QualType entry = e->getBase()->getType();
  if (e->isArrow())
    entry = entry->getPointeeType();
  if (!unit.types.isMapEntry(entry))
    return std::nullopt;
  std::optional<ModelledSite> site = siteOf(e->getBase());
  bool derefs = site && site->object && site->model->steps.size() == 1 &&
                site->model->steps[0].effect == models::Effect::IteratorDeref;
  if (!derefs)
    return std::nullopt;
  Operand iterator = value(site->object);
  Operand map = loadField(iterator, "in"), index = loadField(iterator, "index");
  if (e->getMemberDecl()->getName() == "first") {
    Operand key = emit(Opcode::MapKeyAt, {map, index});
    return unit.types.isReferred(e->getType()) ? Lowered(key) : Lowered(Place::constant(key));
  }
  Operand held = emit(Opcode::ElementAt, {map, index});
  if (unit.types.holding(e->getType()) == Holding::Opaque)
    return Lowered();
  return unit.types.isReferred(e->getType()) ? Lowered(held) : Lowered(Place::at(held));
}

Lowered FunctionLowering::lowerMember(const MemberExpr *e) {
  if (auto entry = entryMember(e))
    return *entry;
  const auto *f = llvm::dyn_cast<FieldDecl>(e->getMemberDecl());
  if (!f) {
    effects(e->getBase());
    return named(e->getMemberDecl(), e);
  }
  Operand object = value(e->getBase());
  // Fields of anonymous structures are fields of the object around them.
  if (f->isAnonymousStructOrUnion())
    return f->getType()->isUnionType() ? Operand::opaque() : object;
  return fieldOf(object, f);
}

/// An array, or a parameter that is declared as one of a known size.
static bool namesArray(const Expr *e) {
  const auto *ref = llvm::dyn_cast<DeclRefExpr>(e);
  const auto *parameter = ref ? llvm::dyn_cast<ParmVarDecl>(ref->getDecl()) : nullptr;
  return e->getType()->isArrayType() ||
         (parameter && parameter->getOriginalType()->isConstantArrayType());
}

Lowered FunctionLowering::lowerSubscript(const ArraySubscriptExpr *e) {
  const Expr *base = e->getBase()->IgnoreParenImpCasts();
  Operand sequence = value(e->getBase());
  Operand index = value(e->getIdx());
  Holding held = unit.types.holding(e->getType());
  if (held == Holding::Opaque || sequence.kind == Operand::Kind::Opaque)
    return held == Holding::Value ? Lowered(Place::none()) : Lowered();
  if (!namesArray(base)) {
    if (index == Operand::integer(0))
      return pointee(sequence, e->getType());
    // An array that became a pointer is still the array; of another pointer this is opaque.
    if (held == Holding::Object)
      return emit(Opcode::ElementAt, {sequence, index});
    gap("an element by a pointer");
    escape({sequence}, "an element by a pointer");
    return held == Holding::Value ? Lowered(Place::none()) : Lowered();
  }
  if (held == Holding::Value)
    return Place::element(sequence, fixed(index));
  return emit(Opcode::ElementAt, {sequence, index});
}

Lowered FunctionLowering::baseOf(const CastExpr *e) {
  Lowered l = lower(e->getSubExpr());
  QualType to = e->getType()->isPointerType() ? e->getType()->getPointeeType() : e->getType();
  const auto *from =
      (e->getSubExpr()->getType()->isPointerType() ? e->getSubExpr()->getType()->getPointeeType()
                                                   : e->getSubExpr()->getType())
          ->getAsCXXRecordDecl();
  // A base that a model describes is a part of its own; all other bases share the object.
  if (!from || unit.types.isCutOffRecord(from) || !unit.types.model(to))
    return l;
  Operand object = l.place ? load(*l.place) : l.value;
  return unit.types.isReferred(to) ? Lowered(loadField(object, baseField(to)))
                                   : Lowered(Place::of(object, unit.field(baseField(to))));
}

/// Long ones are no keys; they would only make states larger.
Operand FunctionLowering::textOf(const clang::StringLiteral *literal) {
  constexpr size_t longest = 64;
  bool narrow = literal->isOrdinary() || literal->isUTF8();
  return narrow && literal->getLength() <= longest ? unit.text(literal->getString())
                                                   : Operand::opaque();
}

Lowered FunctionLowering::lowerCast(const CastExpr *e) {
  const Expr *sub = e->getSubExpr();
  switch (e->getCastKind()) {
  case CK_LValueToRValue:
  case CK_AtomicToNonAtomic:
    if (const auto *c = llvm::dyn_cast<AbstractConditionalOperator>(sub->IgnoreParens()))
      return lowerConditional(c, /*asValue=*/true).value;
    return value(sub);
  case CK_NullToPointer:
  case CK_NullToMemberPointer:
    effects(sub);
    return Operand::null();
  case CK_IntegralToBoolean:
    return emit(Opcode::NotEqual, {value(sub), Operand::integer(0)});
  case CK_PointerToBoolean:
    if (sub->getType()->isFunctionPointerType() && value(sub).kind == Operand::Kind::Function)
      return Operand::integer(1);
    return emit(Opcode::NotEqual, {value(sub), Operand::null()});
  case CK_DerivedToBase:
  case CK_UncheckedDerivedToBase:
    return baseOf(e);
  case CK_BitCast:
    if (auto made = allocated(e))
      return *made;
    return lower(sub);
  case CK_NoOp:
  case CK_LValueBitCast:
  case CK_BaseToDerived:
  case CK_UserDefinedConversion:
  case CK_ConstructorConversion:
  case CK_FunctionToPointerDecay:
  case CK_BuiltinFnToFnPtr:
  case CK_ArrayToPointerDecay:
  case CK_IntegralCast:
  case CK_BooleanToSignedIntegral:
  case CK_NonAtomicToAtomic:
  case CK_AddressSpaceConversion:
  case CK_IntegralToPointer:
  case CK_PointerToIntegral:
    return lower(sub);
  case CK_Dynamic: {
    Operand v = fixed(value(sub));
    Register r = newRegister();
    ifElse(Operand::opaque(), [&] { assign(r, v); }, [&] { assign(r, Operand::null()); });
    return e->isGLValue() ? v : Operand::reg(r);
  }
  case CK_ToVoid:
    effects(sub);
    return Operand::unit();
  default:
    effects(sub);
    return Lowered();
  }
}

Operand FunctionLowering::owned(const Expr *e) {
  switch (e->getStmtClass()) {
  case Stmt::ExprWithCleanupsClass:
    return fullExpression([&] { return owned(llvm::cast<ExprWithCleanups>(e)->getSubExpr()); })
        .value;
  case Stmt::ParenExprClass:
    return owned(llvm::cast<ParenExpr>(e)->getSubExpr());
  case Stmt::ConstantExprClass:
    return owned(llvm::cast<ConstantExpr>(e)->getSubExpr());
  case Stmt::StringLiteralClass:
    if (!e->getType()->castAsArrayTypeUnsafe()->getElementType().isConstQualified())
      break; // it fills an array, which can change
    return value(e);
  case Stmt::CXXBindTemporaryExprClass:
    return owned(llvm::cast<CXXBindTemporaryExpr>(e)->getSubExpr());
  case Stmt::MaterializeTemporaryExprClass:
    return owned(llvm::cast<MaterializeTemporaryExpr>(e)->getSubExpr());
  case Stmt::CXXDefaultArgExprClass:
    return owned(llvm::cast<CXXDefaultArgExpr>(e)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return owned(llvm::cast<CXXDefaultInitExpr>(e)->getExpr());
  case Stmt::ImplicitCastExprClass:
  case Stmt::CXXFunctionalCastExprClass:
  case Stmt::CXXStaticCastExprClass: {
    const auto *cast = llvm::cast<CastExpr>(e);
    CastKind kind = cast->getCastKind();
    if (e->isPRValue() && e->getType()->isRecordType() &&
        (kind == CK_NoOp || kind == CK_ConstructorConversion || kind == CK_UserDefinedConversion))
      return owned(cast->getSubExpr());
    break;
  }
  case Stmt::ConditionalOperatorClass:
    if (e->isPRValue() && e->getType()->isRecordType())
      return ownedConditional(llvm::cast<ConditionalOperator>(e));
    break;
  default:
    break;
  }
  if (e->isPRValue())
    return value(e);
  return e->isXValue() ? moveOf(e->getType(), lower(e)) : copyOf(e->getType(), value(e));
}

Operand FunctionLowering::argument(const Expr *e, QualType parameter) {
  if (!unit.types.byPlace(parameter)) {
    // Who takes the handle of a thread by rvalue reference is taken to keep it.
    const models::TypeModel *model = unit.types.model(e->getType());
    bool keeps = model && model->role == models::Role::Task && parameter->isRValueReferenceType();
    return keeps ? owned(e) : value(e);
  }
  Lowered l = lower(e);
  return l.place ? addressOf(*l.place) : l.value;
}

std::string FunctionLowering::nameOf(const Expr *e) const {
  e = e->IgnoreParenCasts();
  if (const auto *m = llvm::dyn_cast<MaterializeTemporaryExpr>(e))
    return nameOf(m->getSubExpr());
  if (const auto *d = llvm::dyn_cast<DeclRefExpr>(e))
    return d->getDecl()->getNameAsString();
  if (const auto *m = llvm::dyn_cast<MemberExpr>(e))
    return m->getMemberDecl()->getNameAsString();
  if (const auto *u = llvm::dyn_cast<UnaryOperator>(e))
    return nameOf(u->getSubExpr());
  if (const auto *s = llvm::dyn_cast<ArraySubscriptExpr>(e))
    return nameOf(s->getBase());
  if (const auto *o = llvm::dyn_cast<CXXOperatorCallExpr>(e); o && o->getNumArgs())
    return nameOf(o->getArg(0));
  if (const auto *c = llvm::dyn_cast<CXXMemberCallExpr>(e); c && c->getMethodDecl())
    return c->getMethodDecl()->getNameAsString() + "()";
  if (const auto *c = llvm::dyn_cast<CallExpr>(e); c && c->getDirectCallee())
    return c->getDirectCallee()->getNameAsString() + "()";
  return "";
}
