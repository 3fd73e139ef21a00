// Lowers modelled calls that move values: pointers, optionals, callables, tuples and atomics.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/ModelledCall.h"

#include "clang/AST/DeclTemplate.h"

namespace sluice::checker::frontend {

using models::Effect;
using models::Role;

bool ModelledCall::lowerValue(const Step &step) {
  auto first = [&]() -> const ModelOperand & { return step.operands[0]; };
  switch (step.effect) {
  case Effect::Value:
    result = engaged(first(), site.type);
    return true;
  case Effect::Same:
    result = lowered(first());
    return true;
  case Effect::AddressOf: {
    Lowered l = lowered(first());
    bool referred = f.unit.types.isReferred(typeOf(first()));
    result = referred || !l.place ? l.value : f.addressOf(*l.place);
    return true;
  }
  case Effect::Deref:
    result = dereferenced(first());
    return true;
  case Effect::Take: {
    Lowered l = lowered(first());
    Operand old = f.fixed(l.place ? f.load(*l.place) : l.value);
    if (l.place)
      f.store(*l.place, Operand::null());
    result = old;
    return true;
  }
  case Effect::Assign:
    assign(step);
    return true;
  case Effect::StoreThrough:
    f.store(Place::at(operand(step, 0)), value(step.operands[1]));
    return true;
  case Effect::Exchange:
    exchange(step);
    return true;
  case Effect::Swap:
    return swap(step);
  case Effect::Least:
  case Effect::Greatest: {
    Operand a = f.fixed(operand(step, 0)), b = f.fixed(operand(step, 1));
    bool least = step.effect == Effect::Least;
    Operand second = least ? f.emit(Opcode::Less, {b, a}) : f.emit(Opcode::Less, {a, b});
    result = Place::constant(choose(second, b, a));
    return true;
  }
  case Effect::Text:
    result = concatenated(step);
    return true;
  case Effect::TextLength:
    result = f.emit(Opcode::Length, {operand(step, 0)});
    return true;
  case Effect::HasValue:
    result = f.emit(Opcode::NotEqual, {operand(step, 0), Operand::null()});
    return true;
  case Effect::ValueOr: {
    Operand v = f.fixed(operand(step, 0)), other = owned(step.operands[1]);
    result = choose(f.emit(Opcode::NotEqual, {v, Operand::null()}), v, other);
    return true;
  }
  case Effect::Equal:
  case Effect::NotEqual: {
    Operand a = operand(step, 0), b = operand(step, 1);
    bool same = step.effect == Effect::Equal;
    result = f.emit(same ? Opcode::Equal : Opcode::NotEqual, {a, b});
    return true;
  }
  default:
    return false;
  }
}

/// What a pointer, optional or reference wrapper leads to.
Lowered ModelledCall::dereferenced(const ModelOperand &o) {
  Lowered l = lowered(o);
  Role role = roleOf(o);
  clang::QualType to = site.type.getNonReferenceType();
  bool asPointer = to->isPointerType();
  if (asPointer)
    to = to->getPointeeType();
  Operand held = l.place ? f.load(*l.place) : l.value;
  if (f.unit.types.isReferred(to))
    return held;
  // An optional's value is where the optional is; a pointer's is in the place it holds.
  Place target = role == Role::Optional ? l.place.value_or(Place::constant(held)) : Place::at(held);
  if (!asPointer)
    return target;
  return role == Role::Optional ? f.addressOf(target) : held;
}

void ModelledCall::assignTo(const ModelOperand &to, Operand v) {
  Lowered l = lowered(to);
  if (!l.place)
    return;
  clang::QualType type = typeOf(to);
  if (!f.unit.types.hasEnd(type)) {
    f.store(*l.place, v);
    return;
  }
  Operand old = f.fixed(f.load(*l.place));
  f.store(*l.place, v);
  f.destroy(type, old);
}

bool ModelledCall::isContainer(const ModelOperand &o) const {
  Role role = roleOf(o);
  return role == Role::Sequence || role == Role::Map;
}

/// Gives a container the elements of another, in place of its own.
void ModelledCall::refill(const ModelOperand &o, Operand to, Operand from, bool moves) {
  from = f.fixed(from);
  bool isMap = roleOf(o) == Role::Map;
  clearContainer(o, to);
  if (moves)
    f.moveElements(to, from, isMap);
  else if (isMap)
    f.copyEntries(to, from, elementType(o));
  else
    appendAll(to, from, elementType(o));
}

/// Nothing, one value spelled out, or two strings.
Operand ModelledCall::concatenated(const Step &step) {
  Operand empty = f.unit.text("");
  if (step.operands.empty())
    return empty;
  bool two = step.operands.size() == 2;
  Operand first = two ? f.fixed(operand(step, 0)) : empty;
  return f.emit(Opcode::Append, {first, operand(step, two ? 1 : 0)});
}

void ModelledCall::exchange(const Step &step) {
  const ModelOperand &where = step.operands[0];
  Lowered to = lowered(where);
  if (isContainer(where)) {
    Operand old = f.moveOf(typeOf(where), to);
    refill(where, f.fixed(to.value), owned(step.operands[1]), /*moves=*/true);
    result = old;
    return;
  }
  Operand old = f.fixed(to.place ? f.load(*to.place) : to.value);
  if (to.place)
    f.store(*to.place, owned(step.operands[1]));
  result = old;
}

bool ModelledCall::swap(const Step &step) {
  Lowered a = lowered(step.operands[0]), b = lowered(step.operands[1]);
  if (isContainer(step.operands[0])) {
    bool isMap = roleOf(step.operands[0]) == Role::Map;
    Operand one = f.fixed(a.value), other = f.fixed(b.value);
    Operand old = f.moveOf(typeOf(step.operands[0]), one);
    f.moveElements(one, other, isMap);
    f.moveElements(other, old, isMap);
    return true;
  }
  if (!a.place || !b.place)
    return false;
  Operand old = f.fixed(f.load(*a.place));
  f.store(*a.place, f.fixed(f.load(*b.place)));
  f.store(*b.place, old);
  return true;
}

void ModelledCall::assign(const Step &step) {
  const ModelOperand &to = step.operands[0];
  Role role = roleOf(to);
  if (isContainer(to)) {
    const clang::Expr *from = expr(step.operands[1]);
    refill(to, f.fixed(operand(step, 0)), operand(step, 1), from && from->isXValue());
  } else if (role == Role::Iterator) {
    Operand it = operand(step, 0), from = operand(step, 1);
    f.storeField(it, "in", f.loadField(from, "in"));
    f.storeField(it, "index", f.loadField(from, "index"));
  } else if (role == Role::Tuple) {
    assignTuple(operand(step, 0), operand(step, 1), typeOf(to));
  } else {
    self();
    assignTo(to, engaged(step.operands[1], typeOf(to)));
  }
}

/// Assigns field by field; a field that is a reference (std::tie) is stored through.
void ModelledCall::assignTuple(Operand to, Operand from, clang::QualType type) {
  llvm::ArrayRef<clang::TemplateArgument> elements = tupleElements(type);
  for (unsigned i = 0; i < elements.size(); ++i) {
    if (elements[i].getKind() != clang::TemplateArgument::Type)
      continue;
    std::string field = memberName(type, i);
    Operand v = f.loadField(from, field);
    if (elements[i].getAsType()->isReferenceType())
      f.store(Place::at(f.loadField(to, field)), v);
    else
      f.storeField(to, field, v);
  }
}

// Making objects

Operand ModelledCall::construct(clang::QualType type, llvm::ArrayRef<const clang::Expr *> args) {
  if (type.isNull() || type->isArrayType()) // an array is made of its size, and is not followed
    return Operand::opaque();
  if (type->isRecordType())
    return f.constructFrom(type, args, site.callee);
  return args.empty() ? f.defaultValue(type, true) : f.owned(args.front());
}

/// What a smart pointer to a `type` holds: the object itself, or a cell's place for plain values.
Operand ModelledCall::boxed(clang::QualType type, Operand v) {
  if (type.isNull() || f.unit.types.isReferred(type))
    return v;
  Operand cell = f.newObject(f.unit.plainClass("cell"));
  f.storeField(cell, "*", v);
  return f.addressOf(Place::of(cell, f.unit.field("*")));
}

const clang::FunctionProtoType *calledType(clang::QualType callable, clang::ASTContext &context) {
  callable = callable.getNonReferenceType();
  if (callable->isPointerType())
    callable = callable->getPointeeType();
  if (const auto *function = callable->getAs<clang::FunctionProtoType>())
    return function;
  const clang::CXXRecordDecl *record = callable->getAsCXXRecordDecl();
  if (!record || !record->hasDefinition())
    return nullptr;
  auto found = record->lookup(context.DeclarationNames.getCXXOperatorName(clang::OO_Call));
  const auto *method =
      found.isSingleResult() ? llvm::dyn_cast<clang::CXXMethodDecl>(found.front()) : nullptr;
  return method ? method->getType()->getAs<clang::FunctionProtoType>() : nullptr;
}

ModelledCall::Values ModelledCall::callArguments(llvm::ArrayRef<const clang::Expr *> args,
                                                 clang::QualType callable) {
  const clang::CXXRecordDecl *record =
      callable.isNull() ? nullptr : callable.getNonReferenceType()->getAsCXXRecordDecl();
  const clang::FunctionDecl *target =
      record && record->isLambda() ? record->getLambdaCallOperator() : nullptr;
  if (!target && site.object)
    target = site.callee;
  Values values;
  for (size_t i = 0; i < args.size(); ++i) {
    bool typed = target && i < target->getNumParams() &&
                 !target->getParamDecl(i)->getType()->isDependentType();
    values.push_back(typed ? f.argument(args[i], target->getParamDecl(i)->getType())
                           : f.value(args[i]));
  }
  return values;
}

void ModelledCall::endCleanup(const Step &step) {
  Operand callable = f.loadField(operand(step, 0), "run");
  clang::QualType type = elementType(step.operands[0]);
  if (type.isNull())
    f.callSlot("()", {callable}, false);
  else
    f.invoke(callable, type, {});
}

bool ModelledCall::lowerFunctional(const Step &step) {
  switch (step.effect) {
  case Effect::Construct: {
    clang::QualType type = f.unit.types.element(site.type);
    Operand made = construct(type, rest(step, 0));
    Role role = f.unit.types.model(site.type) ? f.unit.types.model(site.type)->role : Role::Opaque;
    result = role == Role::Optional || type.isNull() ? made : boxed(type, made);
    return true;
  }
  case Effect::Emplace:
    self();
    assignTo(step.operands[0], construct(elementType(step.operands[0]), rest(step, 1)));
    result = self();
    return true;
  case Effect::Invoke: {
    Operand callable = operand(step, 0);
    clang::QualType type = typeOf(step.operands[0]);
    result = f.invoke(callable, type, callArguments(rest(step, 1), type));
    return true;
  }
  case Effect::InvokeSome: {
    Operand callable = owned(step.operands[0]);
    f.loop([&](BlockId yes, BlockId no) { f.branch(Operand::free(), yes, no); },
           [&] { f.invoke(callable, typeOf(step.operands[0]), {Operand::opaque()}); });
    return true;
  }
  case Effect::Bind:
    bind(step);
    return true;
  case Effect::PredicateOf:
    predicateOf(step);
    return true;
  case Effect::MakeCleanup: {
    Operand callable = owned(step.operands[0]);
    result = f.newObject(f.unit.plainClass("cleanup"));
    f.storeField(result.value, "run", callable);
    return true;
  }
  case Effect::CleanupEnd:
    endCleanup(step);
    return true;
  case Effect::MakeTuple:
    makeTuple(step, false);
    return true;
  case Effect::Tie:
    makeTuple(step, true);
    return true;
  case Effect::Member:
    result = memberOf(step);
    return true;
  case Effect::OwnHandle:
  case Effect::Allocate: // an object only where the cast around it says of what type
  case Effect::Nothing:
    result = Operand::opaque();
    return true;
  case Effect::Escape:
    f.escape({operand(step, 0)}, site.model->name);
    return true;
  case Effect::Throw:
    f.raise();
    return true;
  case Effect::Stop:
    f.finish(Opcode::Stop);
    return true;
  default:
    return false;
  }
}

/// A closure that calls the work with the bound arguments; placeholders pass what it is given. What
/// it holds is its own: work that takes a reference gets that to the closure's copy.
void ModelledCall::bind(const Step &step) {
  Operand work = owned(step.operands[0]);
  clang::QualType type = typeOf(step.operands[0]);
  const clang::FunctionProtoType *called = calledType(type, f.unit.context);
  llvm::SmallVector<Capture, 4> captures{{"work", work}};
  llvm::SmallVector<bool, 4> byPlace;
  for (const clang::Expr *e : rest(step, 1)) {
    const models::TypeModel *model = f.unit.types.model(e->getType());
    size_t i = byPlace.size();
    byPlace.push_back(called && i < called->getNumParams() &&
                      f.unit.types.byPlace(called->getParamType(i)) &&
                      !(model && model->role == Role::Reference));
    captures.push_back({"a" + std::to_string(i), f.owned(e)});
  }
  result = closure("bind", captures, [type, byPlace](FunctionLowering &g) {
    Operand self = Operand::reg(0);
    Values args;
    for (size_t i = 0; i < byPlace.size(); ++i) {
      std::string field = "a" + std::to_string(i);
      args.push_back(byPlace[i] ? g.addressOf(Place::of(self, g.unit.field(field)))
                                : g.loadField(self, field));
    }
    Operand v = g.invoke(g.loadField(self, "work"), type, args);
    g.add(Opcode::Return, {v});
  });
}

/// What a pointer to a plain value says when it is asked; one to an object is asked by calling
/// that.
void ModelledCall::predicateOf(const Step &step) {
  Operand pointer = owned(step.operands[0]);
  clang::QualType type = typeOf(step.operands[0]);
  result = pointer;
  if (!type->isPointerType() || type->getPointeeType()->isRecordType())
    return;
  result = closure("predicate", {{"where", pointer}}, [](FunctionLowering &g) {
    Operand v = g.load(Place::at(g.loadField(Operand::reg(0), "where")));
    g.add(Opcode::Return, {v});
  });
}

// Tuples

llvm::ArrayRef<clang::TemplateArgument> ModelledCall::tupleElements(clang::QualType type) const {
  const auto *record = type.isNull()
                           ? nullptr
                           : llvm::dyn_cast_or_null<clang::ClassTemplateSpecializationDecl>(
                                 type.getNonReferenceType()->getAsCXXRecordDecl());
  if (!record)
    return {};
  llvm::ArrayRef<clang::TemplateArgument> args = record->getTemplateArgs().asArray();
  bool isPack = args.size() == 1 && args[0].getKind() == clang::TemplateArgument::Pack;
  return isPack ? args[0].getPackAsArray() : args;
}

/// A pair's members are real fields; a tuple's have no name but their number.
std::string ModelledCall::memberName(clang::QualType type, unsigned index) const {
  const clang::CXXRecordDecl *record =
      type.isNull() ? nullptr : type.getNonReferenceType()->getAsCXXRecordDecl();
  if (record && record->hasDefinition()) {
    unsigned position = 0;
    for (const clang::FieldDecl *field : record->fields())
      if (position++ == index)
        return f.unit.fieldName(field);
  }
  return std::to_string(index);
}

void ModelledCall::makeTuple(const Step &step, bool references) {
  Values values;
  for (const clang::Expr *e : rest(step, 0)) {
    Lowered l = references ? f.lower(e) : Lowered(f.owned(e));
    values.push_back(l.place ? f.addressOf(*l.place) : l.value);
  }
  result = f.newObject(f.unit.plainClass("tuple"));
  for (unsigned i = 0; i < values.size(); ++i)
    f.storeField(result.value, memberName(site.type, i), values[i]);
}

Lowered ModelledCall::memberOf(const Step &step) {
  Operand tuple = operand(step, 0);
  Operand index = operand(step, 1);
  if (index.kind != Operand::Kind::Integer)
    return Operand::opaque();
  std::string name = memberName(typeOf(step.operands[0]), static_cast<unsigned>(index.value));
  if (f.unit.types.isReferred(site.type))
    return f.loadField(tuple, name);
  return Place::of(tuple, f.unit.field(name));
}

// Atomics

bool ModelledCall::lowerCell(const Step &step) {
  switch (step.effect) {
  case Effect::Setting: {
    std::string name = "setting " + site.callee->getNameAsString();
    f.unit.needHiddenGlobal(name, Operand::free());
    result = f.loadField(Operand::globals(), name);
    return true;
  }
  case Effect::MakeCell: {
    Operand v = owned(step.operands[0]);
    result = f.newObject(f.unit.plainClass("cell"));
    f.storeField(result.value, "*", v);
    if (isWaitedOn(site.type))
      makeWaiters(result.value);
    return true;
  }
  case Effect::CellLoad:
    result = f.loadField(operand(step, 0), "*");
    return true;
  case Effect::CellStore: {
    Operand cell = operand(step, 0), v = owned(step.operands[1]);
    f.storeField(cell, "*", v);
    result = v;
    return true;
  }
  case Effect::CellExchange: {
    Operand place = cellPlace(step.operands[0]), v = owned(step.operands[1]);
    result = f.emit(Opcode::AtomicExchange, {place, v});
    return true;
  }
  case Effect::CellAdd:
    cellAdd(step);
    return true;
  case Effect::CellCompareExchange:
    cellCompareExchange(step);
    return true;
  default:
    return false;
  }
}

Operand ModelledCall::cellPlace(const ModelOperand &o) {
  return f.addressOf(Place::of(value(o), f.unit.field("*")));
}

void ModelledCall::cellAdd(const Step &step) {
  Operand place = cellPlace(step.operands[0]), n = operand(step, 1);
  if (step.flags & models::MinusStep)
    n = negated(n);
  Operand old = f.emit(Opcode::AtomicAdd, {place, n});
  result = step.flags & models::NewStep ? f.emit(Opcode::Add, {old, n}) : old;
}

/// When it does not happen, the expected value becomes what is there.
void ModelledCall::cellCompareExchange(const Step &step) {
  Operand place = cellPlace(step.operands[0]);
  Lowered expected = lowered(step.operands[1]);
  Operand wanted = f.fixed(expected.place ? f.load(*expected.place) : expected.value);
  Operand v = owned(step.operands[2]);
  Operand done = f.emit(Opcode::AtomicCompareExchange, {place, wanted, v});
  if (expected.place)
    f.ifElse(done, [] {}, [&] { f.store(*expected.place, f.load(Place::at(place))); });
  result = done;
}

} // namespace sluice::checker::frontend
