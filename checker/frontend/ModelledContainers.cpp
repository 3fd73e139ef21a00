// Lowers modelled calls on sequences, and on sets, which are sequences without repeats.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
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

/// Removes all elements, whose ends come first.
void ModelledCall::clearContainer(const ModelOperand &o, Operand container) {
  f.destroy(typeOf(o), Lowered(container));
  f.add(Opcode::Clear, {container});
}

/// The element that a `pop` takes away ends with it.
void ModelledCall::pop(const Step &step, Opcode op) {
  Operand s = operand(step, 0);
  result = f.emit(op, {s});
  clang::QualType element = elementType(step.operands[0]);
  if (!element.isNull())
    f.destroy(element, result);
}

/// Makes the sequence as long as it is told: takes from its end, or adds values.
void ModelledCall::resize(const Step &step) {
  Operand s = f.fixed(operand(step, 0)), n = f.fixed(operand(step, 1));
  clang::QualType element = elementType(step.operands[0]);
  auto compare = [&](Operand a, Operand b, BlockId yes, BlockId no) {
    f.branch(f.emit(Opcode::Less, {a, b}), yes, no);
  };
  f.loop([&](BlockId yes, BlockId no) { compare(n, f.emit(Opcode::Size, {s}), yes, no); },
         [&] { f.emit(Opcode::PopBack, {s}); });
  f.loop([&](BlockId yes, BlockId no) { compare(f.emit(Opcode::Size, {s}), n, yes, no); },
         [&] {
           Operand v = element.isNull() ? Operand::opaque() : f.defaultValue(element, true);
           f.add(Opcode::PushBack, {s, v});
         });
}

/// Removes every element that the callable says yes to.
void ModelledCall::eraseIf(const Step &step) {
  Operand s = f.fixed(operand(step, 0)), callable = owned(step.operands[1]);
  Register i = f.newRegister();
  f.assign(i, integer(0));
  f.loop(
      [&](BlockId yes, BlockId no) {
        f.branch(f.emit(Opcode::Less, {Operand::reg(i), f.emit(Opcode::Size, {s})}), yes, no);
      },
      [&] {
        Operand v = f.emit(Opcode::ElementAt, {s, Operand::reg(i)});
        f.ifElse(
            f.invoke(callable, typeOf(step.operands[1]), {v}),
            [&] { f.add(Opcode::EraseAt, {s, Operand::reg(i)}); },
            [&] { f.assign(i, f.emit(Opcode::Add, {Operand::reg(i), integer(1)})); });
      });
}

// Sets

/// Where a set holds a value; its size if it does not.
Operand ModelledCall::positionOf(Operand set, Operand v) {
  Register i = f.newRegister();
  f.assign(i, integer(0));
  BlockId head = f.newBlock(), inside = f.newBlock(), next = f.newBlock(), after = f.newBlock();
  f.jump(head);
  f.startBlock(head);
  f.branch(f.emit(Opcode::Less, {Operand::reg(i), f.emit(Opcode::Size, {set})}), inside, after);
  f.startBlock(inside);
  Operand each = f.emit(Opcode::ElementAt, {set, Operand::reg(i)});
  f.branch(f.emit(Opcode::Equal, {each, v}), after, next);
  f.startBlock(next);
  f.assign(i, f.emit(Opcode::Add, {Operand::reg(i), integer(1)}));
  f.jump(head);
  f.startBlock(after);
  return Operand::reg(i);
}

bool ModelledCall::lowerSet(const Step &step) {
  auto isSet = [](Effect e) { return e >= Effect::SetInsert && e <= Effect::SetFind; };
  if (!isSet(step.effect))
    return false;
  Operand set = f.fixed(operand(step, 0));
  Operand v =
      f.fixed(step.effect == Effect::SetInsert ? owned(step.operands[1]) : operand(step, 1));
  Operand at = positionOf(set, v);
  Operand found = f.emit(Opcode::Less, {at, f.emit(Opcode::Size, {set})});
  switch (step.effect) {
  case Effect::SetInsert:
    f.ifElse(found, [] {}, [&] { f.add(Opcode::PushBack, {set, v}); });
    happened = f.emit(Opcode::Not, {found});
    result = newIterator(set, at);
    break;
  case Effect::SetErase:
    f.ifElse(found, [&] { f.add(Opcode::EraseAt, {set, at}); });
    result = found;
    break;
  case Effect::SetContains:
    result = found;
    break;
  default:
    result = newIterator(set, at);
  }
  return true;
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
    pop(step, Opcode::PopBack);
    return true;
  case Effect::PopFront:
    pop(step, Opcode::PopFront);
    return true;
  case Effect::Resize:
    resize(step);
    return true;
  case Effect::EraseIf:
    eraseIf(step);
    return true;
  case Effect::Size:
    result = f.emit(Opcode::Size, {operand(step, 0)});
    return true;
  case Effect::IsEmpty:
    result = f.emit(Opcode::Equal, {f.emit(Opcode::Size, {operand(step, 0)}), integer(0)});
    return true;
  case Effect::Clear:
    clearContainer(step.operands[0], f.fixed(operand(step, 0)));
    return true;
  default:
    return false;
  }
}

bool ModelledCall::lowerElement(const Step &step) {
  switch (step.effect) {
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
  default:
    return false;
  }
}

} // namespace sluice::checker::frontend
