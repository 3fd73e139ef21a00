// Lowers modelled calls on containers and their iterators.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An iterator is an object with the fields `in` and `index`; one that a map's look-up gives has
// `entry` as well. The end of a map has the index -1.
#include "frontend/ModelledCall.h"

namespace sluice::checker::frontend {

using models::Effect;
using models::Role;

namespace {

Operand integer(int64_t v) { return Operand::integer(v); }

} // namespace

clang::QualType ModelledCall::elementType(const ModelOperand &o) const {
  clang::QualType type = typeOf(o);
  return type.isNull() ? type : f.unit.types.element(type);
}

Lowered ModelledCall::elementAt(const ModelOperand &sequence, Operand s, Operand index) {
  clang::QualType type = elementType(sequence);
  if (type.isNull())
    type = site.type;
  if (f.unit.types.isReferred(type))
    return f.emit(Opcode::ElementAt, {s, index});
  return Place::element(s, index);
}

void ModelledCall::appendAll(Operand to, Operand from, clang::QualType element) {
  f.forEachIndex(from, [&](Operand i) {
    Operand v = f.emit(Opcode::ElementAt, {from, i});
    f.add(Opcode::PushBack, {to, element.isNull() ? v : f.copyOf(element, v)});
  });
}

/// n copies of a value, or n values of the element type's own making.
void ModelledCall::fillSequence(const Step &step) {
  clang::QualType element = f.unit.types.element(site.type);
  Operand n = f.fixed(operand(step, 0));
  Operand made = f.emit(Opcode::NewSequence);
  std::optional<Operand> v;
  if (step.operands.size() > 1)
    v = owned(step.operands[1]);
  Register i = f.newRegister();
  f.assign(i, integer(0));
  f.loop([&](BlockId yes,
             BlockId no) { f.branch(f.emit(Opcode::Less, {Operand::reg(i), n}), yes, no); },
         [&] {
           Operand one = v ? (element.isNull() ? *v : f.copyOf(element, *v))
                           : (element.isNull() ? Operand::opaque() : f.defaultValue(element, true));
           f.add(Opcode::PushBack, {made, one});
           f.assign(i, f.emit(Opcode::Add, {Operand::reg(i), integer(1)}));
         });
  result = made;
}

bool ModelledCall::lowerSequence(const Step &step) {
  auto push = [&](Opcode op) {
    Operand s = operand(step, 0), v = owned(step.operands[1]);
    f.add(op, {s, v});
    return true;
  };
  auto emplace = [&](Opcode op) {
    Operand s = operand(step, 0);
    result = construct(elementType(step.operands[0]), rest(step, 1));
    f.add(op, {s, result.value});
    return true;
  };
  switch (step.effect) {
  case Effect::MakeSequence: {
    Values values = ownedRest(step, 0);
    result = f.emit(Opcode::NewSequence);
    for (Operand v : values)
      f.add(Opcode::PushBack, {result.value, v});
    return true;
  }
  case Effect::FillSequence:
    fillSequence(step);
    return true;
  case Effect::CopySequence: {
    Operand from = operand(step, 0);
    result = f.emit(Opcode::NewSequence);
    appendAll(result.value, from, f.unit.types.element(site.type));
    return true;
  }
  case Effect::PushBack:
    return push(Opcode::PushBack);
  case Effect::PushFront:
    return push(Opcode::PushFront);
  case Effect::EmplaceBack:
    return emplace(Opcode::PushBack);
  case Effect::EmplaceFront:
    return emplace(Opcode::PushFront);
  case Effect::PopBack:
    result = f.emit(Opcode::PopBack, {operand(step, 0)});
    return true;
  case Effect::PopFront:
    result = f.emit(Opcode::PopFront, {operand(step, 0)});
    return true;
  case Effect::Front:
    result = elementAt(step.operands[0], operand(step, 0), integer(0));
    return true;
  case Effect::Back: {
    Operand s = operand(step, 0);
    Operand last = f.emit(Opcode::Sub, {f.emit(Opcode::Size, {s}), integer(1)});
    result = elementAt(step.operands[0], s, last);
    return true;
  }
  case Effect::ElementAt: {
    Operand s = operand(step, 0), i = operand(step, 1);
    result = elementAt(step.operands[0], s, i);
    return true;
  }
  case Effect::Size:
    result = f.emit(Opcode::Size, {operand(step, 0)});
    return true;
  case Effect::IsEmpty:
    result = f.emit(Opcode::Equal, {f.emit(Opcode::Size, {operand(step, 0)}), integer(0)});
    return true;
  case Effect::Clear:
    f.add(Opcode::Clear, {operand(step, 0)});
    return true;
  default:
    return false;
  }
}

// Iterators

Operand ModelledCall::newIterator(Operand sequence, Operand index) {
  Operand made = f.newObject(f.unit.plainClass("iterator"));
  f.storeField(made, "in", sequence);
  f.storeField(made, "index", index);
  return made;
}

bool ModelledCall::lowerIterator(const Step &step) {
  switch (step.effect) {
  case Effect::Begin:
    result = newIterator(f.fixed(operand(step, 0)), integer(0));
    return true;
  case Effect::End: {
    Operand s = f.fixed(operand(step, 0));
    bool isMap = roleOf(step.operands[0]) == Role::Map;
    result = newIterator(s, isMap ? integer(-1) : f.emit(Opcode::Size, {s}));
    return true;
  }
  case Effect::IteratorNext: {
    Operand it = operand(step, 0);
    Operand next = f.emit(Opcode::Add, {f.loadField(it, "index"), integer(1)});
    f.storeField(it, "index", next);
    result = it;
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
  case Effect::Erase: {
    Operand s = operand(step, 0);
    Operand it = operand(step, 1);
    f.add(Opcode::EraseAt, {s, f.loadField(it, "index")});
    result = it;
    return true;
  }
  case Effect::InvokeEach:
    invokeEach(step);
    return true;
  default:
    return false;
  }
}

/// A map's iterator leads to its entry, a sequence's to its element.
Lowered ModelledCall::pointedAt(Operand iterator, Operand sequence) {
  clang::QualType to = site.type.getNonReferenceType();
  bool asPointer = to->isPointerType();
  if (asPointer)
    to = to->getPointeeType();
  const models::TypeModel *model = f.unit.types.model(to);
  if (model && model->role == Role::Tuple)
    return f.loadField(iterator, "entry");
  Operand index = f.loadField(iterator, "index");
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
    Operand m = operand(step, 0), entry = operand(step, 1);
    clang::QualType type = typeOf(step.operands[1]);
    Operand k = f.loadField(entry, memberName(type, 0));
    Operand v = f.loadField(entry, memberName(type, 1));
    f.add(Opcode::MapPut, {m, k, boxed(elementType(step.operands[0]), v)});
    return true;
  }
  case Effect::MapErase: {
    Operand m = operand(step, 0), k = operand(step, 1);
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

/// m[k]: what is there, or a new value.
void ModelledCall::mapIndex(const Step &step) {
  Operand m = operand(step, 0), k = f.fixed(operand(step, 1));
  clang::QualType element = elementType(step.operands[0]);
  Register v = f.newRegister();
  f.assign(v, f.emit(Opcode::MapFind, {m, k}));
  f.ifElse(f.emit(Opcode::Equal, {Operand::reg(v), Operand::null()}), [&] {
    Operand made = element.isNull() ? Operand::opaque() : f.defaultValue(element, true);
    f.assign(v, boxed(element, made));
    f.add(Opcode::MapPut, {m, k, Operand::reg(v)});
  });
  result = mapped(step.operands[0], Operand::reg(v));
}

void ModelledCall::mapFind(const Step &step) {
  Operand m = f.fixed(operand(step, 0)), k = f.fixed(operand(step, 1));
  Operand v = f.emit(Opcode::MapFind, {m, k});
  Operand missing = f.emit(Opcode::Equal, {v, Operand::null()});
  Operand it = newIterator(m, f.emit(Opcode::Sub, {integer(0), missing}));
  Operand entry = f.newObject(f.unit.plainClass("tuple"));
  f.storeField(entry, "first", k);
  f.ifElse(
      missing, [] {},
      [&] {
        Lowered held = mapped(step.operands[0], v);
        f.storeField(entry, "second", held.place ? f.load(*held.place) : held.value);
      });
  f.storeField(it, "entry", entry);
  result = it;
}

} // namespace sluice::checker::frontend
