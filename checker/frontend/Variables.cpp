// Lowers variables: registers, cells, references, captures, globals and structured bindings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Lowering.h"

#include "clang/AST/Attr.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

Subject FunctionLowering::subjectOf(const ValueDecl *v) {
  return {v->getNameAsString(), unit.types.display(v->getType()), unit.span(v->getLocation())};
}

Operand FunctionLowering::newCell(Operand value, llvm::StringRef name) {
  Operand cell = newObject(unit.plainClass("cell"), name);
  storeField(cell, "*", value);
  return cell;
}

Operand FunctionLowering::addressOf(const Place &p) {
  switch (p.kind) {
  case Place::Kind::Untracked:
    return Operand::opaque();
  case Place::Kind::Pointer:
    return p.base;
  case Place::Kind::Field: {
    if (p.base.kind == Operand::Kind::Opaque)
      return Operand::opaque();
    Operand result = emit(Opcode::AddressOf, {p.base});
    out.blocks[current].code.back().callee = p.field;
    return result;
  }
  case Place::Kind::Element:
    if (p.base.kind == Operand::Kind::Opaque)
      return Operand::opaque();
    return emit(Opcode::AddressOf, {p.base, p.index});
  case Place::Kind::Variable:
    if (const ValueDecl *owner = owners.lookup(p.variable)) {
      again |= inCells.insert(owner).second;
      return Operand::opaque();
    }
    return addressOf(Place::of(newCell(Operand::reg(p.variable)), unit.field("*")));
  case Place::Kind::Constant:
    return addressOf(Place::of(newCell(p.base), unit.field("*")));
  }
  return Operand::opaque();
}

void FunctionLowering::bindParameter(const ParmVarDecl *p, Register r) {
  QualType type = p->getType();
  if (unit.types.holding(type) == Holding::Opaque)
    variables[p] = Operand::opaque();
  else if (unit.types.isReferred(type))
    variables[p] = Operand::reg(r);
  else if (unit.types.byPlace(type))
    variables[p] = Place::at(Operand::reg(r));
  else if (inCells.contains(p))
    variables[p] = Place::of(newCell(Operand::reg(r), p->getName()), unit.field("*"));
  else {
    variables[p] = Place::reg(r);
    owners[r] = p;
  }
}

void FunctionLowering::bindValue(const VarDecl *v, Operand value) {
  Holding holding = unit.types.holding(v->getType());
  if (holding == Holding::Opaque) {
    variables[v] = Operand::opaque();
    return;
  }
  if (holding == Holding::Value && inCells.contains(v)) {
    Operand cell = newCell(value, v->getName());
    variables[v] = Place::of(cell, unit.field("*"));
    return;
  }
  // A nameless register was made for this value alone, so the variable may have it.
  Register r;
  bool fresh = value.kind == Operand::Kind::Register && out.registers[value.index].empty() &&
               value.index >= out.parameters && !owners.contains(value.index);
  if (fresh) {
    r = value.index;
    out.registers[r] = v->getNameAsString();
  } else {
    r = newRegister(v->getName());
    assign(r, value);
  }
  if (holding == Holding::Value) {
    variables[v] = Place::reg(r);
    owners[r] = v;
  } else {
    variables[v] = Operand::reg(r);
  }
}

void FunctionLowering::bindReference(const VarDecl *v, const Expr *init) {
  Lowered target = fullExpression([&] { return lower(init); });
  if (!target.place || target.place->kind == Place::Kind::Constant)
    return bindValue(v, target.place ? target.place->base : target.value);
  target.place->base = fixed(target.place->base);
  target.place->index = fixed(target.place->index);
  variables[v] = target;
}

Operand FunctionLowering::initialValue(const VarDecl *v) {
  QualType type = v->getType();
  const Expr *init = v->getInit();
  if (!init)
    return defaultValue(type, v->hasGlobalStorage());
  if (!type->isReferenceType())
    return owned(init);
  Lowered l = fullExpression([&] { return lower(init); });
  return l.place && unit.types.byPlace(type) ? addressOf(*l.place)
         : l.place                           ? load(*l.place)
                                             : l.value;
}

/// Marks the end of a local that closures hold by reference.
void FunctionLowering::endLocal(const VarDecl *v) {
  if (!lent.contains(v) || unit.types.holding(v->getType()) == Holding::Opaque)
    return;
  Lowered known = variables[v];
  bool inCell = known.place && known.place->kind == Place::Kind::Field;
  Operand object = inCell ? known.place->base : known.value;
  if (known.place && !inCell)
    return;
  pushCleanup([=, this] { add(Opcode::EndLocal, {object}).name = v->getNameAsString(); }, v);
}

void FunctionLowering::declare(const VarDecl *v) {
  if (v->isInvalidDecl() || v->hasExternalStorage())
    return;
  At place(*this, unit.span(v->getLocation()));
  if (v->isStaticLocal())
    return declareStatic(v);
  About subject(*this, subjectOf(v));
  size_t before = extended.size();
  if (v->getType()->isReferenceType() && v->getInit()) {
    bindReference(v, v->getInit());
  } else {
    bindValue(v, initialValue(v));
    endLocal(v);
    if (unit.types.hasEnd(v->getType()) && !v->isExceptionVariable())
      pushCleanup([=, this] { destroy(v->getType(), variables[v]); }, v);
    if (const auto *cleanup = v->getAttr<CleanupAttr>())
      cleanUp(v, cleanup->getFunctionDecl());
  }
  for (; extended.size() > before; extended.pop_back()) {
    auto [type, value] = extended.back();
    pushCleanup([type = type, value = value, this] { destroy(type, value); });
  }
  if (const auto *d = llvm::dyn_cast<DecompositionDecl>(v))
    declareBindings(d);
}

/// `__attribute__((cleanup(f)))`. A library's function may do anything with what it is to clean up.
void FunctionLowering::cleanUp(const VarDecl *v, const FunctionDecl *f) {
  if (!unit.isCutOff(f)) {
    Lowered variable = variables[v];
    Operand at = unit.types.isReferred(v->getType()) || !variable.place
                     ? variable.value
                     : addressOf(*variable.place);
    pushCleanup([=, this] { call(unit.function(f), {at}); }, v);
    return;
  }
  const auto *list = llvm::dyn_cast_or_null<InitListExpr>(v->getInit());
  Values given;
  for (unsigned i = 0; list && i != list->getNumInits(); ++i)
    if (unit.types.mayReach(list->getInit(i)->getType()))
      given.push_back(value(list->getInit(i)));
  if (!given.empty())
    escape(given, unit.types.canonicalName(f));
}

void FunctionLowering::declareBindings(const DecompositionDecl *d) {
  for (const BindingDecl *b : d->bindings())
    if (const VarDecl *holder = b->getHoldingVar())
      declare(holder);
}

void FunctionLowering::declareStatic(const VarDecl *v) {
  if (v->isConstexpr() || unit.types.holding(v->getType()) == Holding::Opaque)
    return;
  std::string name = unit.globalName(v), guard = name + "#made";
  unit.needHiddenGlobal(guard, Operand::integer(0));
  Operand made = loadField(Operand::globals(), guard);
  ifElse(
      made, [] {},
      [&] {
        About subject(*this, subjectOf(v));
        storeField(Operand::globals(), name, initialValue(v));
        storeField(Operand::globals(), guard, Operand::integer(1));
      });
}

Lowered FunctionLowering::global(const VarDecl *v) {
  if (unit.types.holding(v->getType()) == Holding::Opaque)
    return Operand::opaque();
  const VarDecl *definition = v->getDefinition();
  if (!definition) // C: declared without a value, once or more often
    definition = const_cast<VarDecl *>(v)->getActingDefinition();
  if (!v->isStaticLocal() && definition && !unit.isCutOff(v))
    unit.needGlobal(definition);
  Place p = Place::of(Operand::globals(), unit.field(unit.globalName(v)));
  if (unit.types.isReferred(v->getType()))
    return load(p);
  return unit.types.byPlace(v->getType()) ? Place::at(load(p)) : p;
}

Lowered FunctionLowering::captured(const FieldDecl *field, QualType type) {
  QualType held = field->getType();
  if (unit.types.holding(type) == Holding::Opaque)
    return Operand::opaque();
  Place p = Place::of(closure, unit.field(unit.fieldName(field)));
  if (unit.types.isReferred(type))
    return load(p);
  return held->isReferenceType() ? Place::at(load(p)) : p;
}

/// What a constant of static storage always is.
static std::optional<Operand> constantValue(ASTContext &context, const VarDecl *variable) {
  if (!variable || !variable->hasGlobalStorage() ||
      !variable->getType()->isIntegralOrEnumerationType() ||
      !variable->isUsableInConstantExpressions(context))
    return std::nullopt;
  const VarDecl *definition = nullptr;
  variable->getAnyInitializer(definition);
  const APValue *value = definition ? definition->evaluateValue() : nullptr;
  return value && value->isInt() ? std::optional(integer(value->getInt())) : std::nullopt;
}

Lowered FunctionLowering::named(const ValueDecl *v, const Expr *use) {
  v = llvm::cast<ValueDecl>(v->getCanonicalDecl());
  if (const auto *e = llvm::dyn_cast<EnumConstantDecl>(v))
    return integer(e->getInitVal());
  if (const auto *f = llvm::dyn_cast<FunctionDecl>(v))
    return Operand::function(unit.function(f));
  if (auto known = variables.find(v); known != variables.end())
    return known->second;
  if (auto capture = captures.find(v); capture != captures.end())
    return captured(capture->second, v->getType());
  if (const auto *b = llvm::dyn_cast<BindingDecl>(v)) {
    if (const VarDecl *holder = b->getHoldingVar())
      return named(holder, use);
    return b->getBinding() ? lower(b->getBinding()) : Lowered();
  }
  const auto *variable = llvm::dyn_cast<VarDecl>(v);
  if (std::optional<Operand> value = constantValue(unit.context, variable))
    return Place::constant(*value);
  if (variable && variable->hasGlobalStorage())
    return global(variable);
  if (unit.types.holding(v->getType()) != Holding::Opaque)
    gap("a variable out of reach");
  return Lowered();
}
