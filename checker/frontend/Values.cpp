// Lowers what happens to values of a type: default, copy, move, end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/Keys.h"
#include "frontend/Lowering.h"

using namespace sluice::checker;
using namespace sluice::checker::frontend;
using namespace clang;

namespace {

/// More elements than these are made without being initialised one by one.
constexpr uint64_t kMadeElements = 64;

/// The user's own copy or move constructor, if there is one that is not defaulted.
const CXXConstructorDecl *ownConstructor(const CXXRecordDecl *c, bool isMove) {
  const CXXConstructorDecl *copy = nullptr;
  for (const CXXConstructorDecl *k : c->ctors()) {
    if (k->isDeleted() || !k->isUserProvided())
      continue;
    if (isMove && k->isMoveConstructor())
      return k;
    if (k->isCopyConstructor())
      copy = k;
  }
  return copy;
}

} // namespace

Operand FunctionLowering::copyOf(QualType type, Operand v) {
  if (v.kind == Operand::Kind::Opaque)
    return v;
  type = type.getNonReferenceType();
  switch (unit.types.holding(type)) {
  case Holding::Opaque:
    return Operand::opaque();
  case Holding::Value:
  case Holding::Primitive:
    return v;
  case Holding::Cell:
    return newCell(loadField(v, "*"));
  case Holding::Object:
    if (const models::TypeModel *m = unit.types.model(type))
      return m->role == models::Role::Iterator ? copyIterator(v) : v;
    return copyObject(type->getAsCXXRecordDecl(), type, v, /*isMove=*/false);
  case Holding::Sequence: {
    Operand result = emit(Opcode::NewSequence);
    QualType element = type->isArrayType()
                           ? QualType(type->getAsArrayTypeUnsafe()->getElementType())
                           : unit.types.element(type);
    forEachIndex(v, [&](Operand index) {
      Operand item = emit(Opcode::ElementAt, {v, index});
      add(Opcode::PushBack, {result, element.isNull() ? item : copyOf(element, item)});
    });
    return result;
  }
  case Holding::Map: {
    Operand result = emit(Opcode::NewMap);
    copyEntries(result, v, unit.types.element(type));
    return result;
  }
  }
  return v;
}

Operand FunctionLowering::copyIterator(Operand from) {
  Operand result = newObject(unit.plainClass("iterator"));
  storeField(result, "in", loadField(from, "in"));
  storeField(result, "index", loadField(from, "index"));
  return result;
}

void FunctionLowering::copyEntries(Operand to, Operand from, QualType mapped) {
  forEachIndex(from, [&](Operand index) {
    Operand key = emit(Opcode::MapKeyAt, {from, index});
    Operand held = emit(Opcode::ElementAt, {from, index});
    if (mapped.isNull())
      ;
    else if (unit.types.isReferred(mapped))
      held = copyOf(mapped, held);
    else // a cell of its own
      held = addressOf(Place::of(newCell(copyOf(mapped, load(Place::at(held)))), unit.field("*")));
    add(Opcode::MapPut, {to, key, held});
  });
}

void FunctionLowering::moveElements(Operand to, Operand from, bool isMap) {
  forEachIndex(from, [&](Operand index) {
    Operand held = emit(Opcode::ElementAt, {from, index});
    if (isMap)
      add(Opcode::MapPut, {to, emit(Opcode::MapKeyAt, {from, index}), held});
    else
      add(Opcode::PushBack, {to, held});
  });
  add(Opcode::Clear, {from});
}

Operand FunctionLowering::moveOf(QualType type, Lowered from) {
  type = type.getNonReferenceType();
  const models::TypeModel *m = unit.types.model(type);
  if (from.place) {
    Operand v = fixed(load(*from.place));
    bool nulls = m && (m->representation() == models::Representation::Handle ||
                       m->representation() == models::Representation::Owned);
    if (nulls)
      store(*from.place, Operand::null());
    return v;
  }
  Holding holding = unit.types.holding(type);
  bool container = m && (holding == Holding::Sequence || holding == Holding::Map);
  if (container && from.value.kind != Operand::Kind::Opaque) {
    bool isMap = holding == Holding::Map;
    Operand source = fixed(from.value);
    Operand result = emit(isMap ? Opcode::NewMap : Opcode::NewSequence);
    moveElements(result, source, isMap);
    return result;
  }
  if (holding == Holding::Object && m && m->role == models::Role::Iterator &&
      from.value.kind != Operand::Kind::Opaque)
    return copyIterator(from.value);
  if (holding == Holding::Object && !m && from.value.kind != Operand::Kind::Opaque)
    return copyObject(type->getAsCXXRecordDecl(), type, from.value, /*isMove=*/true);
  return from.value;
}

Operand FunctionLowering::copyObject(const CXXRecordDecl *c, QualType type, Operand from,
                                     bool isMove) {
  if (const RecordDecl *record = type->getAsRecordDecl(); record && !c) {
    Operand object = newObject(unit.classOf(record));
    fieldwise(record, object, from, /*isMove=*/false);
    return object;
  }
  if (!c || !c->hasDefinition())
    return Operand::opaque();
  Operand object = newObject(unit.classOf(c));
  if (const CXXConstructorDecl *k = ownConstructor(c, isMove)) {
    call(unit.function(k), {object, from});
    return object;
  }
  std::string key = (isMove ? "move " : "copy ") + keyOf(c, unit);
  auto body = [c, isMove](FunctionLowering &f) {
    f.fieldwise(c, Operand::reg(0), Operand::reg(1), isMove, /*assignment=*/false);
  };
  FunctionId copy = unit.synthetic(key, unit.types.canonicalName(c) + "::" + c->getNameAsString(),
                                   {"this", "other"}, body, unit.span(c->getLocation()));
  call(copy, {object, from});
  return object;
}

void FunctionLowering::fieldwise(const CXXRecordDecl *c, Operand to, Operand from, bool isMove,
                                 bool assignment) {
  for (const CXXBaseSpecifier &b : c->bases())
    if (const auto *base = b.getType()->getAsCXXRecordDecl(); base && base->hasDefinition()) {
      if (!unit.types.isCutOffRecord(base)) {
        fieldwise(base, to, from, isMove, assignment);
        continue;
      }
      if (!unit.types.model(b.getType()))
        continue;
      Place source = Place::of(from, unit.field(baseField(b.getType())));
      storeField(to, baseField(b.getType()), copyOf(b.getType(), load(source)));
    }
  fieldwise(static_cast<const RecordDecl *>(c), to, from, isMove);
}

void FunctionLowering::fieldwise(const RecordDecl *c, Operand to, Operand from, bool isMove) {
  for (const FieldDecl *f : c->fields()) {
    QualType type = f->getType();
    if (unit.types.holding(type) == Holding::Opaque)
      continue;
    FieldId id = unit.field(unit.fieldName(f));
    Place source = Place::of(from, id);
    bool inPlace = unit.types.holding(type) == Holding::Value || type->isReferenceType();
    Operand v = type->isReferenceType() ? load(source)
                : isMove && inPlace     ? moveOf(type, source)
                : isMove                ? moveOf(type, Lowered(load(source)))
                                        : copyOf(type, load(source));
    store(Place::of(to, id), v);
  }
}

Operand FunctionLowering::defaultValue(QualType type, bool zero) {
  type = type.getNonReferenceType();
  auto sequenceOf = [&](uint64_t size, QualType element) {
    Operand result = emit(Opcode::NewSequence);
    for (uint64_t i = 0, n = std::min(size, kMadeElements); i != n; ++i)
      add(Opcode::PushBack, {result, defaultValue(element, zero)});
    return result;
  };
  if (const auto *array = unit.context.getAsConstantArrayType(type))
    return unit.types.holding(type) == Holding::Opaque
               ? Operand::opaque()
               : sequenceOf(array->getZExtSize(), array->getElementType());
  if (auto size = unit.types.fixedSize(type); size && !unit.types.element(type).isNull())
    return sequenceOf(*size, unit.types.element(type));
  if (auto site = siteOfType(type, "constructor"))
    return lowerModelledCall(*this, *site).value;
  if (type->isIntegralOrEnumerationType())
    return zero ? Operand::integer(0) : Operand::opaque();
  if (type->isAnyPointerType() || type->isNullPtrType())
    return zero ? Operand::null() : Operand::opaque();
  const auto *c = type->getAsCXXRecordDecl();
  bool isObject = !unit.types.model(type) && unit.types.holding(type) == Holding::Object;
  if (const RecordDecl *record = type->getAsRecordDecl(); record && !c && isObject)
    return defaultStruct(record, zero);
  if (!c || !isObject || !c->hasDefinition())
    return Operand::opaque();
  Operand object = newObject(unit.classOf(c));
  for (const CXXConstructorDecl *k : c->ctors())
    if (k->isDefaultConstructor() && k->isUserProvided()) {
      construct(k, {object});
      return object;
    }
  if (zero)
    zeroMembers(object, c);
  missingBases(c, object);
  missingMembers(c, object, {});
  return object;
}

/// A structure of C: its members that are made, and zeros where they are asked for.
Operand FunctionLowering::defaultStruct(const RecordDecl *c, bool zero) {
  Operand object = newObject(unit.classOf(c));
  for (const FieldDecl *f : c->fields()) {
    QualType type = f->getType();
    bool zeroed = zero && type->isScalarType() && unit.types.holding(type) == Holding::Value;
    if (!zeroed && !unit.types.isMade(type))
      continue;
    Span at = unit.span(f->getLocation());
    About subject(*this, {f->getNameAsString(), unit.types.display(type), at});
    At place(*this, at);
    storeField(object, unit.fieldName(f), defaultValue(type, zero));
  }
  return object;
}

void FunctionLowering::zeroMembers(Operand object, const CXXRecordDecl *c) {
  for (const CXXBaseSpecifier &b : c->bases())
    if (const auto *base = b.getType()->getAsCXXRecordDecl();
        base && base->hasDefinition() && !unit.types.isCutOffRecord(base))
      zeroMembers(object, base);
  for (const FieldDecl *f : c->fields())
    if (!f->getType()->isReferenceType() && f->getType()->isScalarType() &&
        unit.types.holding(f->getType()) == Holding::Value)
      storeField(object, unit.fieldName(f), defaultValue(f->getType(), /*zero=*/true));
}

void FunctionLowering::destroy(QualType type, Lowered v) {
  if (!unit.types.hasEnd(type) || (!v.place && v.value.kind == Operand::Kind::Opaque))
    return;
  auto current = [&] { return v.place ? load(*v.place) : v.value; };
  const models::TypeModel *m = unit.types.model(type);
  if (m && m->role == models::Role::Map) {
    QualType element = unit.types.element(type);
    Operand map = current();
    return forEachIndex(map, [&](Operand index) {
      Operand held = emit(Opcode::ElementAt, {map, index});
      destroy(element, unit.types.isReferred(element) ? Lowered(held) : Lowered(Place::at(held)));
    });
  }
  if (type->isArrayType() || (m && m->role == models::Role::Sequence)) {
    QualType element = type->isArrayType()
                           ? QualType(type->getAsArrayTypeUnsafe()->getElementType())
                           : unit.types.element(type);
    Operand sequence = current();
    return forEachIndex(sequence, [&](Operand index) {
      destroy(element, Lowered(emit(Opcode::ElementAt, {sequence, index})));
    });
  }
  if (m) {
    if (auto site = siteOfType(type, "destructor")) {
      site->self = v;
      lowerModelledCall(*this, *site);
      return;
    }
    if (m->role != models::Role::Optional && m->role != models::Role::UniquePointer)
      return;
    Operand held = fixed(current());
    QualType element = unit.types.element(type);
    return ifElse(emit(Opcode::NotEqual, {held, Operand::null()}),
                  [&] { destroyPointee(element, held); });
  }
  call(unit.destructor(type->getAsCXXRecordDecl()), {current()});
}

void FunctionLowering::destroyPointee(QualType type, Operand object) {
  const auto *c = type->getAsCXXRecordDecl();
  const CXXDestructorDecl *d = c && c->hasDefinition() ? c->getDestructor() : nullptr;
  if (d && d->isVirtual() && !unit.types.isCutOffRecord(c))
    callSlot("~()", {object}, /*isVirtual=*/true);
  else
    destroy(type, Lowered(object));
}
