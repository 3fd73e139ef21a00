// Lowers modelled calls on iterators and maps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An iterator is an object with the fields `in` and `index`. The end of a container has its size as
// index, also where a look-up finds nothing.
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using models::Effect;
using models::Role;

namespace {

Operand integer(int64_t v) { return Operand::integer(v); }

} // namespace

Operand ModelledCall::newIterator(Operand sequence, Operand index) {
  Operand made = f.newObject(f.unit.plainClass("iterator"));
  f.storeField(made, "in", sequence);
  f.storeField(made, "index", index);
  return made;
}

/// Where a walk starts or ends; backwards it goes from the last element to before the first.
void ModelledCall::firstOrEnd(const Step &step) {
  Operand s = f.fixed(operand(step, 0));
  bool backwards = step.flags & models::MinusStep;
  bool atFront = (step.effect == Effect::Begin) != backwards;
  int64_t before = backwards ? -1 : 0;
  result = newIterator(s, atFront ? integer(before) : plus(f.emit(Opcode::Size, {s}), before));
}

bool ModelledCall::lowerIterator(const Step &step) {
  switch (step.effect) {
  case Effect::Begin:
  case Effect::End:
    firstOrEnd(step);
    return true;
  case Effect::IteratorNext: {
    Operand it = operand(step, 0);
    stepOn(it, step.flags & models::MinusStep ? -1 : 1);
    result = it;
    return true;
  }
  case Effect::IteratorTake: {
    Operand it = operand(step, 0);
    Operand before = newIterator(f.loadField(it, "in"), f.loadField(it, "index"));
    stepOn(it, step.flags & models::MinusStep ? -1 : 1);
    result = before;
    return true;
  }
  case Effect::IteratorDeref: {
    Operand it = operand(step, 0);
    Operand s = f.loadField(it, "in");
    result = pointedAt(it, s);
    return true;
  }
  case Effect::IteratorEqual: {
    Operand a = f.loadField(operand(step, 0), "index");
    result = f.emit(Opcode::Equal, {a, f.loadField(operand(step, 1), "index")});
    return true;
  }
  case Effect::Erase:
    erase(step);
    return true;
  case Effect::InvokeEach:
    invokeEach(step);
    return true;
  default:
    return false;
  }
}

void ModelledCall::stepOn(Operand iterator, int64_t by) {
  f.storeField(iterator, "index", plus(f.loadField(iterator, "index"), by));
}

/// One element, or all from the first iterator to the second; what follows moves up.
void ModelledCall::erase(const Step &step) {
  Operand s = f.fixed(operand(step, 0)), it = operand(step, 1);
  Operand index = f.fixed(f.loadField(it, "index"));
  clang::QualType element = elementType(step.operands[0]);
  auto eraseOne = [&] {
    if (!element.isNull())
      f.destroy(element, Lowered(heldAt(s, index, element)));
    f.add(Opcode::EraseAt, {s, index});
  };
  if (step.operands.size() == 3) {
    Operand last = f.loadField(operand(step, 2), "index");
    Register left = f.newRegister();
    f.assign(left, f.emit(Opcode::Sub, {last, index}));
    f.loop([&](BlockId yes, BlockId no) { f.branch(Operand::reg(left), yes, no); },
           [&] {
             eraseOne();
             f.assign(left, f.emit(Opcode::Sub, {Operand::reg(left), integer(1)}));
           });
  } else {
    eraseOne();
  }
  result = newIterator(s, index);
}

/// The value of an element or of an entry, which keeps plain values in a cell.
Operand ModelledCall::heldAt(Operand container, Operand index, clang::QualType element) {
  Operand held = f.emit(Opcode::ElementAt, {container, index});
  bool boxed = roleOf(ModelOperand{}) == Role::Map && !f.unit.types.isReferred(element);
  return boxed ? f.load(Place::at(held)) : held;
}

/// A map's iterator leads to its entry, a sequence's to its element.
Lowered ModelledCall::pointedAt(Operand iterator, Operand sequence) {
  clang::QualType to = site.type.getNonReferenceType();
  bool asPointer = to->isPointerType();
  if (asPointer)
    to = to->getPointeeType();
  Operand index = f.loadField(iterator, "index");
  if (f.unit.types.isMapEntry(to)) {
    Operand held = f.emit(Opcode::ElementAt, {sequence, index});
    bool referred = f.unit.types.isReferred(f.unit.types.mapped(to));
    Operand entry = f.newObject(f.unit.plainClass("tuple"));
    f.storeField(entry, "first", f.emit(Opcode::MapKeyAt, {sequence, index}));
    f.storeField(entry, "second", referred ? held : f.load(Place::at(held)));
    return entry;
  }
  if (f.unit.types.isReferred(to))
    return f.emit(Opcode::ElementAt, {sequence, index});
  Place element = Place::element(sequence, index);
  return asPointer ? Lowered(f.addressOf(element)) : Lowered(element);
}

/// for (; begin != end; ++begin) call(*begin)
void ModelledCall::invokeEach(const Step &step) {
  Operand begin = operand(step, 0), end = operand(step, 1);
  if (roleOf(step.operands[0]) != Role::Iterator) {
    Operand callable = owned(step.operands[2]);
    f.loop([&](BlockId yes, BlockId no) { f.branch(Operand::free(), yes, no); },
           [&] { f.invoke(callable, typeOf(step.operands[2]), {Operand::opaque()}); });
    return;
  }
  Operand s = f.loadField(begin, "in"), last = f.loadField(end, "index");
  Operand callable = owned(step.operands[2]);
  Register i = f.newRegister();
  f.assign(i, f.loadField(begin, "index"));
  f.loop([&](BlockId yes,
             BlockId no) { f.branch(f.emit(Opcode::Less, {Operand::reg(i), last}), yes, no); },
         [&] {
           Operand v = f.emit(Opcode::ElementAt, {s, Operand::reg(i)});
           f.invoke(callable, typeOf(step.operands[2]), {v});
           f.assign(i, f.emit(Opcode::Add, {Operand::reg(i), integer(1)}));
         });
}

// Maps

bool ModelledCall::lowerMap(const Step &step) {
  switch (step.effect) {
  case Effect::MakeMap:
    result = f.emit(Opcode::NewMap);
    return true;
  case Effect::MapIndex:
    mapIndex(step);
    return true;
  case Effect::MapAt: {
    Operand m = operand(step, 0), k = operand(step, 1);
    result = mapped(step.operands[0], f.emit(Opcode::MapFind, {m, k}));
    return true;
  }
  case Effect::MapPut: {
    Operand m = operand(step, 0), k = owned(step.operands[1]), v = owned(step.operands[2]);
    f.add(Opcode::MapPut, {m, k, boxed(elementType(step.operands[0]), v)});
    return true;
  }
  case Effect::MapInsert: {
    Operand m = f.fixed(operand(step, 0)), entry = operand(step, 1);
    clang::QualType type = typeOf(step.operands[1]);
    Operand k = f.loadField(entry, memberName(type, 0));
    Operand v = f.loadField(entry, memberName(type, 1));
    insertOnce(m, k, [&] { return boxed(elementType(step.operands[0]), v); });
    return true;
  }
  case Effect::MapEmplace: {
    Operand m = f.fixed(operand(step, 0)), k = f.fixed(owned(step.operands[1]));
    clang::QualType element = elementType(step.operands[0]);
    insertOnce(m, k, [&] { return boxed(element, construct(element, rest(step, 2))); });
    return true;
  }
  case Effect::MapErase: {
    Operand m = f.fixed(operand(step, 0)), k = f.fixed(operand(step, 1));
    endMapped(step.operands[0], m, k);
    f.add(Opcode::MapErase, {m, k});
    return true;
  }
  case Effect::MapContains: {
    Operand m = operand(step, 0), k = operand(step, 1);
    result = f.emit(Opcode::NotEqual, {f.emit(Opcode::MapFind, {m, k}), Operand::null()});
    return true;
  }
  case Effect::MapFind:
    mapFind(step);
    return true;
  default:
    return false;
  }
}

/// What a map holds for a key: plain values are kept in cells, so that they can be assigned.
Lowered ModelledCall::mapped(const ModelOperand &map, Operand held) {
  clang::QualType element = elementType(map);
  bool referred = element.isNull() || f.unit.types.isReferred(element);
  return referred ? Lowered(held) : Lowered(Place::at(held));
}

/// Puts a new entry for a key that the map does not hold yet; the result leads to the entry.
void ModelledCall::insertOnce(Operand m, Operand k, llvm::function_ref<Operand()> made) {
  k = f.fixed(k);
  Register at = f.newRegister();
  f.assign(at, f.emit(Opcode::MapPosition, {m, k}));
  Operand missing = f.fixed(f.emit(Opcode::Less, {Operand::reg(at), integer(0)}));
  f.ifElse(missing, [&] { f.assign(at, f.emit(Opcode::MapInsert, {m, k, made()})); });
  happened = missing;
  result = newIterator(m, Operand::reg(at));
}

/// What a key leads to ends when it is erased.
void ModelledCall::endMapped(const ModelOperand &map, Operand m, Operand k) {
  clang::QualType element = elementType(map);
  if (element.isNull() || !f.unit.types.hasEnd(element))
    return;
  Operand held = f.fixed(f.emit(Opcode::MapFind, {m, k}));
  f.ifElse(f.emit(Opcode::NotEqual, {held, Operand::null()}), [&] {
    bool referred = f.unit.types.isReferred(element);
    f.destroy(element, referred ? Lowered(held) : Lowered(Place::at(held)));
  });
}

/// m[k]: what is there, or a new value.
void ModelledCall::mapIndex(const Step &step) {
  Operand m = operand(step, 0), k = f.fixed(operand(step, 1));
  clang::QualType element = elementType(step.operands[0]);
  Register v = f.newRegister();
  f.assign(v, f.emit(Opcode::MapFind, {m, k}));
  f.ifElse(f.emit(Opcode::Equal, {Operand::reg(v), Operand::null()}), [&] {
    Operand made = element.isNull() ? Operand::opaque() : f.defaultValue(element, true);
    f.assign(v, boxed(element, made));
    f.add(Opcode::MapInsert, {m, k, Operand::reg(v)});
  });
  result = mapped(step.operands[0], Operand::reg(v));
}

void ModelledCall::mapFind(const Step &step) {
  Operand m = f.fixed(operand(step, 0)), k = f.fixed(operand(step, 1));
  Operand at = f.fixed(f.emit(Opcode::MapPosition, {m, k}));
  Operand missing = f.emit(Opcode::Less, {at, integer(0)});
  result = newIterator(m, choose(missing, f.emit(Opcode::Size, {m}), at));
}

} // namespace sluice::checker::frontend
