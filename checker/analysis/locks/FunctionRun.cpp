// Runs one function over abstract locks: ways, branches and values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/FunctionRun.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
constexpr unsigned MostSteps = 6000;
/// Ways that come to one block, and out of one function.
constexpr size_t MostStates = 24, MostExits = 8;
constexpr size_t MostObjects = 32;
constexpr size_t MostCompared = 4;
} // namespace

FunctionRun::FunctionRun(LockSummaries &all, const LockContext &context)
    : all(all), context(context), function(all.program.functions[context.function]),
      paths(all.paths), stepsLeft(MostSteps) {
  seen.resize(function.blocks.size());
}

LockState FunctionRun::first() const {
  LockState state;
  state.registers.resize(function.registers.size());
  state.objects = context.objects;
  for (uint32_t r = 0; r != function.parameters; ++r) {
    LockValue given = r < context.arguments.size() ? context.arguments[r] : LockValue();
    bool followed =
        given.refers() || given.is(LockValue::Kind::Integer) || given.is(LockValue::Kind::Function);
    state.registers[r] = followed ? given : LockValue::path(paths.symbol(r));
  }
  return state;
}

void FunctionRun::enter(uint32_t block, LockState state) {
  const llvm::BitVector &live = all.facts.liveBefore(context.function, block, 0);
  for (uint32_t r = 0; r != state.registers.size(); ++r)
    if (!live.test(r))
      state.registers[r] = {};
  LockValue none;
  compact(state, none, context.objects.size());
  if (state.objects.size() > MostObjects || seen[block].size() == MostStates)
    return;
  if (seen[block].insert(keyOf(state)).second)
    work.push_back({block, 0, std::move(state)});
}

LockSummary FunctionRun::run() {
  if (function.blocks.empty())
    return {false, {}, {}};
  enter(0, first());
  while (!work.empty() && stepsLeft && all.stepsLeft) {
    Point next = std::move(work.back());
    work.pop_back();
    follow(std::move(next));
  }
  if (!all.stepsLeft)
    summary = {false, {}, {}};
  return std::move(summary);
}

void FunctionRun::follow(Point point) {
  while (stepsLeft && all.stepsLeft) {
    --stepsLeft;
    --all.stepsLeft;
    if (!step(point))
      return;
    ++point.index;
  }
}

/// False where the way ends or parts, and is followed from there.
bool FunctionRun::step(Point &point) {
  const Instruction &instruction = function.blocks[point.block].code[point.index];
  here = {context.function, point.block, point.index};
  if (instruction.op >= Opcode::Jump) {
    finish(instruction, point);
    return false;
  }
  if (instruction.op <= Opcode::AtomicCompareExchange)
    data(point.state, instruction);
  else if (instruction.op <= Opcode::MapErase)
    containers(point.state, instruction);
  else if (instruction.op <= Opcode::Escape)
    return call(point, instruction);
  else
    return lockStep(point, instruction);
  return true;
}

void FunctionRun::finish(const Instruction &instruction, Point &point) {
  switch (instruction.op) {
  case Opcode::Jump:
    return enter(instruction.targets[0], std::move(point.state));
  case Opcode::Branch:
  case Opcode::Switch:
    return decide(instruction, point);
  case Opcode::Return: {
    LockValue result;
    if (!instruction.args.empty())
      result = value(point.state, instruction.args[0]);
    return leave(std::move(point.state), result, false);
  }
  case Opcode::Throw:
    return raise(instruction, std::move(point.state));
  default:
    return;
  }
}

void FunctionRun::raise(const Instruction &instruction, LockState state) {
  if (instruction.unwind)
    enter(*instruction.unwind, std::move(state));
  else
    leave(std::move(state), {}, true);
}

void FunctionRun::leave(LockState state, LockValue result, bool thrown) {
  state.registers.clear();
  state.assumed.clear();
  compact(state, result, context.objects.size());
  LockKey key = keyOf(state);
  append(key, result);
  key.push_back(thrown);
  if (summary.exits.size() != MostExits && left.insert(key).second)
    summary.exits.push_back({std::move(state), result, thrown});
}

void FunctionRun::decide(const Instruction &instruction, Point &point) {
  LockValue on = value(point.state, instruction.args[0]);
  bool isSwitch = instruction.op == Opcode::Switch;
  if (on.is(LockValue::Kind::Integer)) {
    auto number = int32_t(on.index);
    if (!isSwitch)
      return enter(instruction.targets[number ? 0 : 1], std::move(point.state));
    for (const SwitchCase &each : instruction.cases)
      if (each.value == number)
        return enter(each.target, std::move(point.state));
    if (!instruction.targets.empty())
      enter(instruction.targets[0], std::move(point.state));
    return;
  }
  if (!isSwitch && (on.refers() || on.is(LockValue::Kind::Function)))
    return enter(instruction.targets[0], std::move(point.state));
  if (!isSwitch && on.is(LockValue::Kind::Path)) {
    auto known = point.state.assumed.find(on.index);
    if (known != point.state.assumed.end())
      return enter(instruction.targets[known->second ? 0 : 1], std::move(point.state));
    for (bool truth : {true, false}) {
      LockState state = point.state;
      state.assumed[on.index] = truth;
      enter(instruction.targets[truth ? 0 : 1], std::move(state));
    }
    return;
  }
  for (BlockId target : instruction.targets)
    enter(target, point.state);
  for (const SwitchCase &each : instruction.cases)
    enter(each.target, point.state);
}

LockValue FunctionRun::value(const LockState &state, const Operand &operand) {
  switch (operand.kind) {
  case Operand::Kind::Register:
    return state.registers[operand.index];
  case Operand::Kind::Integer:
    return LockValue::integer(operand.value);
  case Operand::Kind::Null:
    return LockValue::integer(0);
  case Operand::Kind::Function:
    return {LockValue::Kind::Function, operand.index, 0};
  case Operand::Kind::Global:
    return LockValue::path(paths.globals());
  default:
    return {};
  }
}

void FunctionRun::set(LockState &state, const Instruction &instruction, LockValue result,
                      size_t number) {
  if (instruction.result(number))
    state.registers[*instruction.results[number]] = result;
}

/// What fields of outside objects hold may have changed.
void FunctionRun::forget(LockState &state) const {
  std::erase_if(state.assumed, [&](const auto &each) { return paths.depthOf(each.first) != 0; });
}

LockValue FunctionRun::loaded(const LockState &state, LockValue base, uint32_t field) {
  if (base.is(LockValue::Kind::Path))
    return LockValue::path(paths.step(base.index, field));
  if (!base.is(LockValue::Kind::Object) || state.objects[base.index].leaked)
    return {};
  const auto &fields = state.objects[base.index].fields;
  auto known = fields.find(field);
  return known == fields.end() ? LockValue() : known->second;
}

void FunctionRun::stored(LockState &state, LockValue base, uint32_t field, LockValue what) {
  if (base.is(LockValue::Kind::Object)) {
    state.objects[base.index].fields[field] = what;
    if (state.objects[base.index].leaked)
      leak(state, what);
    return;
  }
  forget(state);
  leak(state, what);
}

/// Others may change an object from now on; a lock that it refers to may be released by them.
void FunctionRun::leak(LockState &state, LockValue what) {
  if (!what.refers() || state.objects[what.index].leaked)
    return;
  LocalObject &object = state.objects[what.index];
  object.leaked = true;
  std::vector<LockValue> inside = object.elements;
  for (const auto &[field, value] : object.fields)
    inside.push_back(value);
  for (const LockValue &value : inside) {
    leak(state, value);
    if (value.is(LockValue::Kind::Path))
      std::erase_if(state.held, [&](const HeldLock &held) { return held.lock == value.index; });
  }
}

void FunctionRun::compare(LockState &state, const Instruction &instruction) {
  LockValue a = value(state, instruction.args[0]), b = value(state, instruction.args[1]);
  set(state, instruction, {});
  bool orders = instruction.op == Opcode::Less || instruction.op == Opcode::LessEqual;
  if (a.is(LockValue::Kind::Integer) && b.is(LockValue::Kind::Integer)) {
    auto x = int32_t(a.index), y = int32_t(b.index);
    bool result = instruction.op == Opcode::Less        ? x < y
                  : instruction.op == Opcode::LessEqual ? x <= y
                                                        : x == y;
    set(state, instruction, LockValue::integer(result != (instruction.op == Opcode::NotEqual)));
  } else if (orders && a.is(LockValue::Kind::Path) && b.is(LockValue::Kind::Path)) {
    std::pair<Paths::Id, Paths::Id> pair = std::minmax(a.index, b.index);
    if (!llvm::is_contained(state.compared, pair) && state.compared.size() != MostCompared)
      state.compared.push_back(pair);
  }
}

void FunctionRun::places(LockState &state, const Instruction &instruction) {
  LockValue base = value(state, instruction.args[0]);
  switch (instruction.op) {
  case Opcode::AddressOf:
    if (instruction.args.size() == 2)
      return set(state, instruction, loaded(state, base, Paths::Element));
    if (base.is(LockValue::Kind::Object))
      return set(state, instruction, {LockValue::Kind::Place, base.index, instruction.callee});
    // Of an outside object a place and what it holds have one path.
    return set(state, instruction, loaded(state, base, instruction.callee));
  case Opcode::LoadPlace:
    if (base.is(LockValue::Kind::Place))
      base = loaded(state, LockValue::object(base.index), base.field);
    return set(state, instruction, base.is(LockValue::Kind::Object) ? LockValue() : base);
  default: {
    LockValue what = value(state, instruction.args[1]);
    if (base.is(LockValue::Kind::Place) && instruction.op == Opcode::StorePlace)
      return stored(state, LockValue::object(base.index), base.field, what);
    if (base.is(LockValue::Kind::Place))
      state.objects[base.index].fields.erase(base.field);
    forget(state);
    for (size_t i = 1; i != instruction.args.size(); ++i)
      leak(state, value(state, instruction.args[i]));
    set(state, instruction, {});
    set(state, instruction, {}, 1);
  }
  }
}

void FunctionRun::data(LockState &state, const Instruction &instruction) {
  switch (instruction.op) {
  case Opcode::Copy:
    return set(state, instruction, value(state, instruction.args[0]));
  case Opcode::Not: {
    LockValue of = value(state, instruction.args[0]);
    bool known = of.is(LockValue::Kind::Integer);
    return set(state, instruction, known ? LockValue::integer(of.index == 0) : LockValue());
  }
  case Opcode::Add:
  case Opcode::Sub: {
    LockValue a = value(state, instruction.args[0]), b = value(state, instruction.args[1]);
    bool known = a.is(LockValue::Kind::Integer) && b.is(LockValue::Kind::Integer);
    int64_t sign = instruction.op == Opcode::Add ? 1 : -1;
    int64_t sum = int64_t(int32_t(a.index)) + sign * int32_t(b.index);
    return set(state, instruction, known ? LockValue::integer(sum) : LockValue());
  }
  case Opcode::Equal:
  case Opcode::NotEqual:
  case Opcode::Less:
  case Opcode::LessEqual:
    return compare(state, instruction);
  case Opcode::New: {
    LocalObject made;
    made.klass = instruction.callee;
    state.objects.push_back(made);
    return set(state, instruction, LockValue::object(uint32_t(state.objects.size() - 1)));
  }
  case Opcode::Load:
    return set(state, instruction,
               loaded(state, value(state, instruction.args[0]), instruction.callee));
  case Opcode::Store:
    return stored(state, value(state, instruction.args[0]), instruction.callee,
                  value(state, instruction.args[1]));
  case Opcode::AddressOf:
  case Opcode::LoadPlace:
  case Opcode::StorePlace:
  case Opcode::AtomicAdd:
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
    return places(state, instruction);
  default:
    return set(state, instruction, {});
  }
}

void FunctionRun::containers(LockState &state, const Instruction &instruction) {
  if (instruction.op == Opcode::NewSequence || instruction.op == Opcode::NewMap) {
    LocalObject made;
    made.sequence = instruction.op == Opcode::NewSequence;
    made.leaked = !made.sequence;
    state.objects.push_back(made);
    return set(state, instruction, LockValue::object(uint32_t(state.objects.size() - 1)));
  }
  LockValue on = value(state, instruction.args[0]), result;
  LockValue last = value(state, instruction.args.back());
  bool followed = on.is(LockValue::Kind::Object) && state.objects[on.index].sequence &&
                  !state.objects[on.index].leaked;
  if (!followed) {
    for (size_t i = 1; i != instruction.args.size(); ++i)
      leak(state, value(state, instruction.args[i]));
    bool gives = instruction.op != Opcode::Size && instruction.op != Opcode::MapPosition;
    return set(state, instruction, gives ? loaded(state, on, Paths::Element) : LockValue());
  }
  auto &elements = state.objects[on.index].elements;
  bool inside = last.is(LockValue::Kind::Integer) && last.index < elements.size();
  if (instruction.op == Opcode::PushBack && elements.size() < MostObjects)
    elements.push_back(last);
  else if (instruction.op == Opcode::Size)
    result = LockValue::integer(int64_t(elements.size()));
  else if (instruction.op == Opcode::ElementAt && inside)
    result = elements[last.index];
  else if (instruction.op == Opcode::Clear)
    elements.clear();
  else
    leak(state, on);
  set(state, instruction, result);
}

} // namespace sluice::checker::analysis
