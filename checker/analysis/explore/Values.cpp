// Executes instructions: arithmetic, comparisons, and what they decide about free values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Execution.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;

Value Execution::read(uint32_t task, const Operand &operand) const {
  switch (operand.kind) {
  case Operand::Kind::Register:
    return state.tasks[task].top().registers[operand.index];
  case Operand::Kind::Integer:
    return Value::integer(facts.scaled(operand.value));
  case Operand::Kind::Unit:
    return Value::unit();
  case Operand::Kind::Function:
    return Value(Value::Kind::Function, operand.index);
  case Operand::Kind::Text:
    return Value(Value::Kind::Text, operand.index);
  case Operand::Kind::Global:
    return state.globals;
  case Operand::Kind::Null:
  case Operand::Kind::None:
    return Value::null();
  case Operand::Kind::Free:
  case Operand::Kind::Opaque:
    break;
  }
  return Value::opaque();
}

Value Execution::freshFree() {
  state.symbols.emplace_back();
  return Value(Value::Kind::Free, uint32_t(state.symbols.size() - 1));
}

Value Execution::evaluate(uint32_t task, const Operand &operand) {
  if (operand.kind == Operand::Kind::Free)
    return freshFree();
  Value value = read(task, operand);
  return value.is(Value::Kind::Dead) ? Value::opaque() : value;
}

int32_t Execution::saturated(int64_t value) {
  int64_t most = facts.limit() + 1;
  leftRange |= notes.limits.client && std::abs(value) >= most;
  return int32_t(std::clamp(value, -most, most));
}

Value Execution::shifted(Value value, int32_t by) {
  if (value.is(Value::Kind::Integer))
    return Value::integer(saturated(int64_t(value.number()) + by));
  return value;
}

void Execution::substitute(uint32_t symbol, Value with) {
  substituted = touched = true;
  auto replace = [&](Value &value) {
    if (value.is(Value::Kind::Free) && value.index() == symbol)
      value = with.is(Value::Kind::Free)
                  ? Value(Value::Kind::Free, with.index(), with.extra() + value.extra())
                  : shifted(with, value.extra());
  };
  for (Task &task : state.tasks)
    eachValue(task, replace);
  for (Object &object : state.heap)
    eachValue(object, 0, replace);
}

/// What the user calls an outside value.
std::string Execution::outside(uint32_t task, const Operand &shown) {
  const Function &function = program.functions[state.tasks[task].top().function];
  bool named = shown.kind == Operand::Kind::Register && !function.registers[shown.index].empty();
  return named ? function.registers[shown.index] : "an outside value";
}

/// Says in the witness what was taken to hold of an outside value. Which way a client takes is told
/// by what it does.
void Execution::assume(uint32_t task, const Operand &shown, const std::string &what) {
  if (inClient(task))
    return;
  hasDecided = true;
  const std::string name = outside(task, shown);
  notes.assumed[name];
  if (Event *event = note(Step::Kind::Branch, task))
    event->step.detail = name + " " + what;
}

/// Whether a free value is the string; a symbol keeps strings it is not beside such numbers.
bool Execution::decideText(uint32_t task, const Operand &shown, Value value, Value text) {
  int32_t code = FirstTextCode + int32_t(text.index());
  if (llvm::is_contained(state.symbols[value.index()].excluded, code))
    return false;
  bool equal = choices.choose(2) == 0;
  assume(task, shown, (equal ? "== \"" : "!= \"") + facts.texts[text.index()] + "\"");
  if (equal)
    substitute(value.index(), text);
  else
    state.symbols[value.index()].excluded.push_back(code);
  return equal;
}

bool Execution::decideNull(uint32_t task, const Operand &shown, Value value) {
  if (state.symbols[value.index()].present || value.extra() != 0)
    return false;
  bool isNull = choices.choose(2) == 0;
  assume(task, shown, isNull ? "== 0" : "!= 0");
  if (isNull)
    substitute(value.index(), Value::null());
  else
    state.symbols[value.index()].present = true;
  return isNull;
}

bool Execution::decideEqual(uint32_t task, const Operand &shown, Value value, int32_t number) {
  int32_t wanted = number - value.extra();
  const Symbol &known = state.symbols[value.index()];
  if (wanted < known.low || wanted > known.high || llvm::is_contained(known.excluded, wanted))
    return false;
  bool equal = choices.choose(2) == 0;
  assume(task, shown, (equal ? "== " : "!= ") + std::to_string(number));
  if (equal)
    substitute(value.index(), Value::integer(wanted));
  else
    state.symbols[value.index()].excluded.push_back(wanted);
  return equal;
}

bool Execution::decideLess(uint32_t task, const Operand &shown, Value value, int32_t number) {
  Symbol &known = state.symbols[value.index()];
  int32_t bound = number - value.extra();
  if (known.high < bound)
    return true;
  if (known.low >= bound)
    return false;
  bool less = choices.choose(2) == 0;
  assume(task, shown, (less ? "< " : ">= ") + std::to_string(number));
  (less ? known.high : known.low) = less ? bound - 1 : bound;
  if (known.low == known.high)
    substitute(value.index(), Value::integer(known.low));
  return less;
}

/// A count from outside: none, one, two, just enough to fill a channel, or one more; around the
/// number that it is compared with, if that is said.
Value Execution::concrete(uint32_t task, const Operand &shown, Value value,
                          std::optional<int32_t> near) {
  if (!value.is(Value::Kind::Free))
    return value;
  const Symbol known = state.symbols[value.index()];
  std::vector<int32_t> candidates = {0, 1, 2};
  if (near)
    for (int32_t by : {-1, 0, 1})
      candidates.push_back(*near - value.extra() + by);
  for (const Object &object : state.heap)
    if (object.kind == ObjectKind::Channel && !object.escaped() && object.first > 1 &&
        object.first <= 8)
      candidates.insert(candidates.end(), {object.first, object.first + 1});
  llvm::sort(candidates);
  candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
  std::erase_if(candidates, [&](int32_t each) {
    return each < known.low || each > known.high || llvm::is_contained(known.excluded, each);
  });
  // Who asks a class for some of a thing asks for at least one.
  if (notes.limits.client && candidates.size() > 1 && candidates.front() == 0)
    candidates.erase(candidates.begin());
  if (candidates.empty())
    candidates.push_back(known.low > INT32_MIN ? known.low : std::min(known.high, -1));
  if (state.bound.is(Value::Kind::Integer)) {
    int32_t same = state.bound.number() - value.extra();
    if (same >= known.low && same <= known.high && !llvm::is_contained(known.excluded, same))
      candidates = {same};
  }
  int32_t chosen = candidates[choices.choose(unsigned(candidates.size()))];
  if (!state.bound.is(Value::Kind::Dead))
    state.bound = Value::integer(chosen + value.extra());
  substitute(value.index(), Value::integer(saturated(chosen)));
  Value result = Value::integer(saturated(int64_t(chosen) + value.extra()));
  assume(task, shown, "= " + std::to_string(result.number()));
  notes.assumed[outside(task, shown)].insert(result.number());
  return result;
}

Value Execution::equalValues(uint32_t task, const Instruction &instruction, Value a, Value b) {
  const Operand &shown = instruction.args[a.is(Value::Kind::Free) ? 0 : 1];
  if (!a.is(Value::Kind::Free))
    std::swap(a, b);
  if (a.is(Value::Kind::Free) && b.is(Value::Kind::Free) && a.index() == b.index())
    return Value::integer(a.extra() == b.extra());
  if (a.is(Value::Kind::Free) && b.is(Value::Kind::Null))
    return Value::integer(decideNull(task, shown, a));
  if (a.is(Value::Kind::Free) && b.is(Value::Kind::Integer))
    return Value::integer(decideEqual(task, shown, a, b.number()));
  if (a.is(Value::Kind::Free) && b.is(Value::Kind::Text))
    return Value::integer(decideText(task, shown, a, b));
  if (a.is(Value::Kind::Free)) {
    bool equal = choices.choose(2) == 1;
    assume(task, shown, equal ? "is the other" : "is not the other");
    if (equal && a.extra() == 0)
      substitute(a.index(), b);
    return Value::integer(equal);
  }
  bool bothCounts = a.is(Value::Kind::Integer) && b.is(Value::Kind::Integer);
  if (bothCounts && a == b && std::abs(a.number()) > facts.limit())
    return Value::integer(int32_t(choices.choose(2)));
  // Null is no number: an optional that holds zero is not empty.
  return Value::integer(a == b);
}

Value Execution::compare(uint32_t task, const Instruction &instruction) {
  Value a = evaluate(task, instruction.args[0]), b = evaluate(task, instruction.args[1]);
  if (a.is(Value::Kind::Opaque) || b.is(Value::Kind::Opaque))
    return Value::opaque();
  auto counts = [&](Value v, const Operand &operand) {
    return v.is(Value::Kind::Integer) && operand.kind == Operand::Kind::Register;
  };
  // A free number that is compared with a variable bounds a loop.
  if (a.is(Value::Kind::Free) && counts(b, instruction.args[1]))
    a = concrete(task, instruction.args[0], a);
  if (b.is(Value::Kind::Free) && counts(a, instruction.args[0]))
    b = concrete(task, instruction.args[1], b);
  // So does one that is counted up or down to a constant, unless it is known to be beyond.
  auto wasCounted = [&](Value v, Value to) {
    if (!v.is(Value::Kind::Free) || !to.is(Value::Kind::Integer) || std::abs(v.extra()) <= 1)
      return false;
    const Symbol &known = state.symbols[v.index()];
    int64_t bound = int64_t(to.number()) - v.extra();
    return known.low <= bound && bound <= known.high;
  };
  if (wasCounted(a, b))
    a = concrete(task, instruction.args[0], a, b.number());
  if (wasCounted(b, a))
    b = concrete(task, instruction.args[1], b, a.number());
  bool isEqual = instruction.op == Opcode::Equal;
  if (isEqual || instruction.op == Opcode::NotEqual) {
    Value equal = equalValues(task, instruction, a, b);
    return isEqual ? equal : Value::integer(!equal.number());
  }
  bool orEqual = instruction.op == Opcode::LessEqual;
  if (a.is(Value::Kind::Free) && b.is(Value::Kind::Integer))
    return Value::integer(decideLess(task, instruction.args[0], a, b.number() + orEqual));
  if (b.is(Value::Kind::Free) && a.is(Value::Kind::Integer))
    return Value::integer(!decideLess(task, instruction.args[1], b, a.number() + !orEqual));
  if (a.is(Value::Kind::Text) && b.is(Value::Kind::Text))
    return Value::integer((orEqual && a == b) || facts.texts[a.index()] < facts.texts[b.index()]);
  // Which of two objects has the lower address is said nowhere, and never changes.
  if (a.refers() && b.refers())
    return a.index() != b.index()   ? Value::opaque()
           : a.extra() == b.extra() ? Value::integer(orEqual)
                                    : Value::opaque();
  // A handle that is kept in an int is not negative.
  auto isHandle = [](Value v) { return v.is(Value::Kind::Object); };
  auto atMost = [](Value v, int32_t most) {
    return v.is(Value::Kind::Integer) && v.number() <= most;
  };
  if (isHandle(a) && atMost(b, -orEqual))
    return Value::integer(0);
  if (isHandle(b) && atMost(a, orEqual - 1))
    return Value::integer(1);
  bool beyondExact = a == b && std::abs(a.number()) > facts.limit();
  if (!a.is(Value::Kind::Integer) || !b.is(Value::Kind::Integer) || beyondExact) {
    hasDecided = true;
    return Value::integer(int32_t(choices.choose(2)));
  }
  return Value::integer(orEqual ? a.number() <= b.number() : a.number() < b.number());
}

namespace {

bool isLinear(Opcode op) { return op == Opcode::Add || op == Opcode::Sub || op == Opcode::Mul; }

/// What an operator other than `+`, `-` and `*` gives for two numbers; nothing where C++ does not
/// say.
std::optional<int64_t> computed(Opcode op, int64_t x, int64_t y) {
  bool shifts = op == Opcode::ShiftLeft || op == Opcode::ShiftRight;
  bool divides = op == Opcode::Divide || op == Opcode::Remainder;
  if ((divides && y == 0) || (shifts && (y < 0 || y > 31)))
    return std::nullopt;
  switch (op) {
  case Opcode::Divide:
    return x / y;
  case Opcode::Remainder:
    return x % y;
  case Opcode::BitAnd:
    return x & y;
  case Opcode::BitOr:
    return x | y;
  case Opcode::BitXor:
    return x ^ y;
  case Opcode::ShiftLeft:
    return x * (int64_t(1) << y);
  case Opcode::ShiftRight:
    return x >> y;
  default:
    return std::nullopt;
  }
}

} // namespace

/// Division, remainder, bits and shifts. A free operand gives a free result; a number beyond those
/// that are exact one that is not tracked.
Value Execution::computedValue(const Instruction &instruction, Value a, Value b) {
  auto isExact = [](Value v) { return v.is(Value::Kind::Integer) && std::abs(v.number()) <= 32; };
  if (isExact(a) && isExact(b))
    if (std::optional<int64_t> v = computed(instruction.op, a.number(), b.number()))
      return Value::integer(saturated(*v));
  if (!a.is(Value::Kind::Free) && !b.is(Value::Kind::Free))
    return Value::opaque();
  Value result = freshFree();
  Symbol &known = state.symbols[result.index()];
  bool positive = isExact(b) && b.number() > 0;
  if (instruction.op == Opcode::Remainder && positive) {
    known.high = b.number() - 1;
    bool unsignedLeft =
        a.is(Value::Kind::Free) && int64_t(state.symbols[a.index()].low) + a.extra() >= 0;
    known.low = unsignedLeft ? 0 : -known.high;
  } else if (instruction.op == Opcode::BitAnd && positive) {
    known.low = 0;
    known.high = b.number();
  }
  return result;
}

Value Execution::arithmetic(uint32_t task, const Instruction &instruction) {
  Value a = evaluate(task, instruction.args[0]), b = evaluate(task, instruction.args[1]);
  if (a.is(Value::Kind::Opaque) || b.is(Value::Kind::Opaque))
    return Value::opaque();
  if (!isLinear(instruction.op))
    return computedValue(instruction, a, b);
  if (instruction.op == Opcode::Add && b.is(Value::Kind::Free))
    std::swap(a, b);
  bool moves = instruction.op == Opcode::Add || instruction.op == Opcode::Sub;
  if (a.is(Value::Kind::Free) && b.is(Value::Kind::Integer) && moves) {
    int32_t by = instruction.op == Opcode::Add ? b.number() : -b.number();
    return Value(Value::Kind::Free, a.index(), a.extra() + by);
  }
  if (!a.is(Value::Kind::Integer) || !b.is(Value::Kind::Integer))
    return freshFree();
  int64_t x = a.number(), y = b.number();
  // What has left the exact range stays outside it.
  if (std::abs(a.number()) > facts.limit() && moves)
    return a;
  return Value::integer(saturated(instruction.op == Opcode::Add   ? x + y
                                  : instruction.op == Opcode::Sub ? x - y
                                                                  : x * y));
}

/// Strings and exact numbers one after the other.
Value Execution::appended(const Instruction &instruction, uint32_t task) {
  Value a = evaluate(task, instruction.args[0]), b = evaluate(task, instruction.args[1]);
  auto spelled = [&](Value v) -> std::optional<std::string> {
    if (v.is(Value::Kind::Text))
      return facts.texts[v.index()];
    if (v.is(Value::Kind::Integer) && std::abs(v.number()) <= 32)
      return std::to_string(v.number());
    return std::nullopt;
  };
  std::optional<std::string> first = spelled(a), second = spelled(b);
  std::optional<uint32_t> both =
      first && second ? facts.texts.find(*first + *second) : std::nullopt;
  if (both)
    return Value(Value::Kind::Text, *both);
  return a.is(Value::Kind::Free) || b.is(Value::Kind::Free) ? freshFree() : Value::opaque();
}

/// Of a character string.
Value Execution::lengthOf(Value text) {
  if (text.is(Value::Kind::Text))
    return Value::integer(saturated(int64_t(facts.texts[text.index()].size())));
  if (!text.is(Value::Kind::Free))
    return Value::opaque();
  Value length = freshFree();
  state.symbols[length.index()].low = 0;
  return length;
}

/// Nothing: opaque.
std::optional<bool> Execution::truth(uint32_t task, const Operand &operand) {
  Value value = evaluate(task, operand);
  switch (value.kind()) {
  case Value::Kind::Integer:
    return value.number() != 0;
  case Value::Kind::Null:
    return false;
  case Value::Kind::Free:
    return !decideEqual(task, operand, value, 0);
  case Value::Kind::Dead:
  case Value::Kind::Opaque:
    return std::nullopt;
  default:
    return true;
  }
}

/// An outside value turns out to be an object of the given kind; every copy of it is the same
/// object.
Value Execution::materialize(Value value, ObjectKind kind) {
  if (!value.is(Value::Kind::Free))
    return value;
  auto isOutsider = [](const Object &each) { return each.flags & Object::External; };
  if (size_t(llvm::count_if(state.heap, isOutsider)) >= notes.limits.outsiders)
    beyond("more than 64 objects from outside");
  Value made = fresh(kind, 0);
  object(made).flags = Object::External;
  if (kind == ObjectKind::Struct)
    object(made).first = -1;
  substitute(value.index(), made);
  return made;
}

void Execution::escape(Value value) {
  if (!value.refers())
    return;
  touched = true;
  std::vector<bool> marked(state.heap.size());
  llvm::SmallVector<uint32_t, 8> roots{value.index()};
  markReachable(state, roots, marked);
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    if (marked[i] && !state.heap[i].escaped()) {
      state.heap[i].flags |= Object::Escaped;
      notes.escaped.insert(state.heap[i].site);
    }
}

} // namespace sluice::checker::analysis
