// Executes instructions: objects, places, atomics, sequences and maps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
/// Elements of an outside container that stay the same for all that ask.
constexpr size_t MostRemembered = 4;

bool isContainer(const Object &object) {
  bool contains = object.kind == ObjectKind::Sequence || object.kind == ObjectKind::Map ||
                  object.kind == ObjectKind::Channel;
  return contains && !(object.flags & Object::External);
}

/// An entry of a map is a key and a value.
size_t widthOf(const Object &container) { return container.kind == ObjectKind::Map ? 2 : 1; }

/// Where a new entry goes: numbers in their order, as an ordered map has them; all else at the end.
size_t placeFor(const Object &map, Value key) {
  size_t i = 0;
  auto before = [&](Value other) {
    return !key.is(Value::Kind::Integer) || !other.is(Value::Kind::Integer) ||
           other.number() < key.number();
  };
  while (i != map.values.size() && before(map.values[i]))
    i += 2;
  return i;
}
} // namespace

uint32_t Execution::siteHere(uint32_t task) const {
  const Frame &frame = state.tasks[task].top();
  return facts.siteOf({frame.function, frame.block, frame.index});
}

Value Execution::fresh(ObjectKind kind, uint32_t site) {
  Object &made = state.heap.emplace_back();
  made.kind = kind;
  made.site = site;
  return Value::object(uint32_t(state.heap.size() - 1));
}

/// The content of a field; an outside object's field gets a free value when it is first looked at.
Value *Execution::fieldOf(Value base, uint32_t field, bool create) {
  if (!base.is(Value::Kind::Object) || object(base).kind != ObjectKind::Struct)
    return nullptr;
  bool outside = object(base).flags & Object::External;
  Value first = outside ? freshFree() : Value::opaque();
  Object &holder = object(base);
  for (size_t i = 0; i != holder.keys.size(); ++i)
    if (holder.keys[i] == field)
      return &holder.values[i];
  if (!create && !outside)
    return nullptr;
  size_t at = size_t(llvm::lower_bound(holder.keys, field) - holder.keys.begin());
  holder.keys.insert(holder.keys.begin() + at, field);
  return &*holder.values.insert(holder.values.begin() + at, first);
}

Value *Execution::placeOf(Value place, bool create) {
  if (!place.is(Value::Kind::Place))
    return nullptr;
  Object &base = object(place);
  uint32_t extra = uint32_t(place.extra());
  if (base.kind == ObjectKind::Struct)
    return fieldOf(Value::object(place.index()), extra, create);
  return extra < base.values.size() ? &base.values[extra] : nullptr;
}

Outcome Execution::load(uint32_t task, const Instruction &instruction, Value base, bool isPlace) {
  if (base.is(Value::Kind::Null))
    return endProcess();
  if (!isPlace)
    base = materialize(base, ObjectKind::Struct);
  Value *slot = isPlace ? placeOf(base, false) : fieldOf(base, instruction.callee, false);
  Value value = slot ? *slot : base.is(Value::Kind::Free) ? freshFree() : Value::opaque();
  return doneWith(task, instruction, {value});
}

Outcome Execution::store(uint32_t task, const Instruction &instruction, Value base, bool isPlace,
                         Value value) {
  if (base.is(Value::Kind::Null))
    return endProcess();
  if (!isPlace)
    base = materialize(base, ObjectKind::Struct);
  Value *slot = isPlace ? placeOf(base, true) : fieldOf(base, instruction.callee, true);
  if (slot)
    *slot = value;
  if (!slot || object(base).escaped())
    escape(value);
  return done(task);
}

Outcome Execution::atomic(uint32_t task, const Instruction &instruction) {
  Value place = evaluate(task, instruction.args[0]);
  if (place.is(Value::Kind::Null))
    return endProcess();
  Value operand = evaluate(task, instruction.args[1]);
  Value *slot = placeOf(place, true);
  Value old = slot ? *slot : place.is(Value::Kind::Free) ? freshFree() : Value::opaque();
  if (instruction.op == Opcode::AtomicExchange) {
    if (slot)
      *slot = operand;
    return doneWith(task, instruction, {old});
  }
  if (instruction.op == Opcode::AtomicAdd) {
    bool counts = old.is(Value::Kind::Integer) && operand.is(Value::Kind::Integer);
    Value next = counts                        ? shifted(old, operand.number())
                 : old.is(Value::Kind::Opaque) ? old
                                               : freshFree();
    if ((slot = placeOf(place, true)))
      *slot = next;
    return doneWith(task, instruction, {old});
  }
  bool known =
      !old.is(Value::Kind::Opaque) && !old.is(Value::Kind::Free) && !operand.is(Value::Kind::Free);
  bool fits = known ? old == operand : choices.choose(2) == 1;
  if (fits && (slot = placeOf(place, true)))
    *slot = evaluate(task, instruction.args[2]);
  return doneWith(task, instruction, {old, Value::integer(fits)});
}

Outcome Execution::executeData(uint32_t task, const Instruction &instruction) {
  auto arg = [&](size_t i) { return evaluate(task, instruction.args[i]); };
  switch (instruction.op) {
  case Opcode::Copy:
    return doneWith(task, instruction, {arg(0)});
  case Opcode::Not: {
    std::optional<bool> value = truth(task, instruction.args[0]);
    return doneWith(task, instruction, {value ? Value::integer(!*value) : Value::opaque()});
  }
  case Opcode::Add:
  case Opcode::Sub:
  case Opcode::Mul:
  case Opcode::Divide:
  case Opcode::Remainder:
  case Opcode::BitAnd:
  case Opcode::BitOr:
  case Opcode::BitXor:
  case Opcode::ShiftLeft:
  case Opcode::ShiftRight:
    return doneWith(task, instruction, {arithmetic(task, instruction)});
  case Opcode::Append:
    return doneWith(task, instruction, {appended(instruction, task)});
  case Opcode::Length:
    return doneWith(task, instruction, {lengthOf(arg(0))});
  case Opcode::And:
  case Opcode::Or: {
    bool isAnd = instruction.op == Opcode::And;
    std::optional<bool> a = truth(task, instruction.args[0]);
    std::optional<bool> b = truth(task, instruction.args[1]);
    bool decided = (a && *a != isAnd) || (b && *b != isAnd);
    Value value = decided  ? Value::integer(!isAnd)
                  : a && b ? Value::integer(isAnd)
                           : Value::opaque();
    return doneWith(task, instruction, {value});
  }
  case Opcode::New: {
    Value made = fresh(ObjectKind::Struct, siteHere(task));
    object(made).first = int32_t(instruction.callee);
    return doneWith(task, instruction, {made});
  }
  case Opcode::Load:
    return load(task, instruction, arg(0), false);
  case Opcode::LoadPlace:
    return load(task, instruction, arg(0), true);
  case Opcode::Store:
    return store(task, instruction, arg(0), false, arg(1));
  case Opcode::StorePlace:
    return store(task, instruction, arg(0), true, arg(1));
  case Opcode::EndLocal: // see analysis/local
    return done(task);
  case Opcode::AddressOf: {
    Value base = arg(0);
    if (base.is(Value::Kind::Null))
      return endProcess();
    base = instruction.args.size() == 1 ? materialize(base, ObjectKind::Struct) : base;
    Value index =
        instruction.args.size() == 2 ? arg(1) : Value::integer(int32_t(instruction.callee));
    bool known = base.is(Value::Kind::Object) && index.is(Value::Kind::Integer);
    Value place = known ? Value(Value::Kind::Place, base.index(), index.number()) : base;
    return doneWith(task, instruction, {place});
  }
  case Opcode::AtomicAdd:
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
    return atomic(task, instruction);
  default:
    return doneWith(task, instruction, {compare(task, instruction)});
  }
}

/// Which element an index means; an unknown one may be any, and so is the same for all that ask
/// with it.
std::optional<size_t> Execution::position(uint32_t task, const Operand &operand, size_t size) {
  Value index = evaluate(task, operand);
  if (index.is(Value::Kind::Integer)) {
    bool inside = index.number() >= 0 && size_t(index.number()) < size;
    return inside ? std::optional<size_t>(index.number()) : std::nullopt;
  }
  if (size == 0)
    return std::nullopt;
  bool isOpaque = index.is(Value::Kind::Opaque);
  unsigned chosen =
      isOpaque ? choices.chooseOpaque(unsigned(size)) : choices.choose(unsigned(size));
  if (index.is(Value::Kind::Free))
    substitute(index.index(), Value::integer(int32_t(chosen) - index.extra()));
  return chosen;
}

/// The size of a container from outside is free, and the same for all that ask until an operation
/// in sight changes it. So are its elements.
Value Execution::sizeOfOutside(Value on) {
  if (object(on).values.front().is(Value::Kind::Null)) {
    Value size = freshFree();
    state.symbols[size.index()].low = 0;
    object(on).values.front() = size;
  }
  return object(on).values.front();
}

Value Execution::elementOfOutside(Value on, Value index) {
  Value element = freshFree();
  auto &known = object(on).values;
  for (size_t i = 1; i < known.size(); i += 2)
    if (known[i] == index)
      return known[i + 1];
  if (index.is(Value::Kind::Opaque))
    return element;
  if (known.size() == 1 + 2 * MostRemembered)
    known.erase(known.begin() + 1, known.begin() + 3);
  known.append({index, element});
  return element;
}

/// What an operation on a container from outside, or on what is none, gives.
Value Execution::ofOutsideSequence(Opcode op, Value on, Value index) {
  on = materialize(on, ObjectKind::Sequence);
  if (!on.is(Value::Kind::Object) || object(on).kind != ObjectKind::Sequence)
    return Value::opaque();
  if (object(on).values.empty())
    object(on).values.push_back(Value::null());
  if (op == Opcode::Size)
    return sizeOfOutside(on);
  if (op == Opcode::ElementAt)
    return elementOfOutside(on, index);
  object(on).values.resize(op == Opcode::SetElementAt ? 1 : 0);
  return freshFree();
}

Outcome Execution::executeSequence(uint32_t task, const Instruction &instruction) {
  if (instruction.op == Opcode::NewSequence)
    return doneWith(task, instruction, {fresh(ObjectKind::Sequence, 0)});
  Value on = evaluate(task, instruction.args[0]);
  if (on.is(Value::Kind::Null))
    return endProcess();
  bool known = on.is(Value::Kind::Object) && isContainer(object(on));
  if (!known) {
    for (size_t i = 1; i < instruction.args.size(); ++i)
      escape(read(task, instruction.args[i]));
    Value index = instruction.args.size() > 1 ? evaluate(task, instruction.args[1]) : Value();
    return doneWith(task, instruction, {ofOutsideSequence(instruction.op, on, index)});
  }
  if (instruction.op == Opcode::Size) {
    size_t size = object(on).values.size() / widthOf(object(on));
    return doneWith(task, instruction, {Value::integer(saturated(int64_t(size)))});
  }
  bool pushes = instruction.op == Opcode::PushBack || instruction.op == Opcode::PushFront;
  Value value = instruction.args.size() > 1 ? evaluate(task, instruction.args.back()) : Value();
  std::optional<size_t> at;
  if (instruction.op == Opcode::ElementAt || instruction.op == Opcode::SetElementAt ||
      instruction.op == Opcode::EraseAt) {
    at = position(task, instruction.args[1], object(on).values.size() / widthOf(object(on)));
    if (!at)
      return endProcess();
    value = evaluate(task, instruction.args.back());
  }
  auto &list = object(on).values;
  Value result;
  if (pushes) {
    if (list.size() >= notes.limits.elements)
      return beyond("a container of more than 32 elements");
    list.insert(instruction.op == Opcode::PushBack ? list.end() : list.begin(), value);
  } else if (instruction.op == Opcode::Clear) {
    list.clear();
  } else if (at) {
    size_t width = widthOf(object(on)), first = *at * width;
    result = list[first + width - 1];
    if (instruction.op == Opcode::SetElementAt)
      list[first + width - 1] = value;
    if (instruction.op == Opcode::EraseAt)
      list.erase(list.begin() + first, list.begin() + first + width);
  } else {
    if (list.empty())
      return endProcess();
    bool fromBack = instruction.op == Opcode::PopBack;
    result = fromBack ? list.back() : list.front();
    list.erase(fromBack ? list.end() - 1 : list.begin());
  }
  if (object(on).escaped() && value.refers())
    escape(value);
  return doneWith(task, instruction, {result});
}

/// Finds the entry of a key: equal values find the same one, an unknown key any or none.
Outcome Execution::mapKey(uint32_t, Object &map, Value key, std::optional<size_t> &found) {
  bool exact = !key.is(Value::Kind::Free) && !key.is(Value::Kind::Opaque);
  for (size_t i = 0; i < map.values.size(); i += 2)
    if (map.values[i] == key && !key.is(Value::Kind::Opaque))
      found = i;
  if (found)
    return Outcome::Done;
  llvm::SmallVector<size_t, 4> possible;
  for (size_t i = 0; i < map.values.size(); i += 2) {
    Value other = map.values[i];
    if (!exact || other.is(Value::Kind::Free) || other.is(Value::Kind::Opaque))
      possible.push_back(i);
  }
  unsigned ways = unsigned(possible.size() + 1);
  bool isOpaque = key.is(Value::Kind::Opaque) || llvm::any_of(possible, [&](size_t i) {
                    return map.values[i].is(Value::Kind::Opaque);
                  });
  unsigned chosen = isOpaque ? choices.chooseOpaque(ways) : choices.choose(ways);
  if (chosen != 0)
    found = possible[chosen - 1];
  return Outcome::Done;
}

Outcome Execution::executeMap(uint32_t task, const Instruction &instruction) {
  if (instruction.op == Opcode::NewMap)
    return doneWith(task, instruction, {fresh(ObjectKind::Map, 0)});
  Value on = evaluate(task, instruction.args[0]);
  if (on.is(Value::Kind::Null))
    return endProcess();
  Value key = evaluate(task, instruction.args[1]);
  bool puts = instruction.op == Opcode::MapPut || instruction.op == Opcode::MapInsert;
  Value value = puts ? evaluate(task, instruction.args[2]) : Value();
  bool known = on.is(Value::Kind::Object) && object(on).kind == ObjectKind::Map;
  if (!known) {
    if (puts)
      escape(key);
    escape(value);
    return doneWith(task, instruction, {on.is(Value::Kind::Opaque) ? on : freshFree()});
  }
  if (instruction.op == Opcode::MapKeyAt) {
    auto at = position(task, instruction.args[1], object(on).values.size() / 2);
    return at ? doneWith(task, instruction, {object(on).values[*at * 2]}) : endProcess();
  }
  std::optional<size_t> found;
  Object &map = object(on);
  if (instruction.op != Opcode::MapInsert)
    mapKey(task, map, key, found);
  // The key stands for the one it was taken to be from now on.
  if (found && key.is(Value::Kind::Free) && key.extra() == 0)
    substitute(key.index(), map.values[*found]);
  if (instruction.op == Opcode::MapFind)
    return doneWith(task, instruction, {found ? map.values[*found + 1] : Value::null()});
  if (instruction.op == Opcode::MapPosition)
    return doneWith(task, instruction, {Value::integer(found ? int32_t(*found / 2) : -1)});
  if (instruction.op == Opcode::MapErase) {
    if (found)
      map.values.erase(map.values.begin() + *found, map.values.begin() + *found + 2);
    return done(task);
  }
  if (found) {
    map.values[*found + 1] = value;
    return done(task);
  }
  if (map.values.size() >= 2 * notes.limits.entries)
    return beyond("a map of more than eight entries");
  size_t at = placeFor(map, key);
  map.values.insert(map.values.begin() + at, value);
  map.values.insert(map.values.begin() + at, key);
  return doneWith(task, instruction, {Value::integer(int32_t(at / 2))});
}

} // namespace sluice::checker::analysis
