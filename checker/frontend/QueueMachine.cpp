// Runs one method of a class that may be a home-made queue, on every small state of such a queue.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/QueueMachine.h"

#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::frontend {

using Kind = QueueValue::Kind;
using Change = QueueRun::Change;
using Wakes = QueueRun::Wakes;

namespace {

/// A method that takes more than this is no queue's.
constexpr unsigned kSteps = 60000;
constexpr size_t kDepth = 16;

} // namespace

std::optional<QueueStart> QueueMachine::construct(FunctionId constructor) {
  constructing = true;
  Machine m;
  m.held = true; // nobody else knows the object yet
  std::vector<Value> args{{Kind::This}};
  for (uint32_t i = 1; i < program.functions[constructor].parameters; ++i)
    args.push_back({Kind::Parameter, i});
  starts.clear();
  understood = true;
  enter(m, constructor, args);
  explore(std::move(m));
  bool same = !starts.empty() && llvm::all_equal(starts);
  return understood && same ? std::optional(starts.front()) : std::nullopt;
}

std::optional<QueueBehaviour> QueueMachine::run(FunctionId method, const QueueStart &numbers,
                                                std::vector<QueueState> met, int64_t open) {
  constructing = false;
  states = std::move(met);
  openFlag = open;
  behaviour = {};
  understood = true;
  Machine m;
  m.self = numbers;
  std::vector<Value> args{{Kind::This}};
  for (uint32_t i = 1; i < program.functions[method].parameters; ++i)
    args.push_back({Kind::Parameter, i});
  enter(m, method, args);
  explore(std::move(m));
  return understood ? std::optional(behaviour) : std::nullopt;
}

void QueueMachine::explore(Machine start) {
  pending.clear();
  seen.clear();
  pending.push_back(std::move(start));
  unsigned steps = 0;
  while (!pending.empty() && understood) {
    Machine m = std::move(pending.back());
    pending.pop_back();
    // A step either goes on with this machine or hands on those that follow it.
    for (bool on = true; on && understood;) {
      if (++steps > kSteps || m.stack.empty()) {
        understood = false;
        break;
      }
      Frame &top = m.stack.back();
      const auto &code = program.functions[top.function].blocks[top.block].code;
      on = execute(m, code[top.next++]);
    }
  }
}

void QueueMachine::enter(Machine &m, FunctionId f, llvm::ArrayRef<Value> args) {
  const skeleton::Function &callee = program.functions[f];
  if (callee.blocks.empty() || m.stack.size() >= kDepth) {
    understood = false;
    return;
  }
  Frame &frame = m.stack.emplace_back();
  frame.function = f;
  frame.registers.resize(callee.registers.size());
  for (size_t i = 0; i < args.size() && i < callee.parameters; ++i)
    frame.registers[i] = args[i];
}

QueueValue QueueMachine::evaluate(const Machine &m, const Operand &o) const {
  switch (o.kind) {
  case Operand::Kind::Register:
    return m.stack.back().registers[o.index];
  case Operand::Kind::Integer:
    return number(o.value);
  case Operand::Kind::Null:
    return {Kind::Null};
  case Operand::Kind::Function:
    return {Kind::Code, o.index};
  default:
    return {};
  }
}

void QueueMachine::write(Machine &m, const Instruction &i, Value v, size_t result) {
  if (i.result(result))
    m.stack.back().registers[*i.results[result]] = v;
}

/// Reading the queue without its lock is only for methods that do nothing else.
bool QueueMachine::look(Machine &m) {
  if (!m.held)
    m.run.unlocked = true;
  return m.held || constructing;
}

/// Changing it without the lock is for nobody.
bool QueueMachine::touch(Machine &m) {
  understood &= m.held;
  return m.held;
}

bool QueueMachine::execute(Machine &m, const Instruction &i) {
  if (i.op <= Opcode::Or)
    return data(m, i);
  if (i.op <= Opcode::AtomicCompareExchange)
    return memory(m, i);
  if (i.op <= Opcode::Clear)
    return items(m, i);
  if (i.op >= Opcode::Jump)
    return ends(m, i);
  switch (i.op) {
  case Opcode::Call:
  case Opcode::CallSlot:
  case Opcode::CallUnknown:
    return calls(m, i);
  case Opcode::Lock:
  case Opcode::Unlock:
  case Opcode::Wait:
  case Opcode::Notify:
    return locks(m, i);
  case Opcode::Make:
    write(m, i, {});
    return constructing || (understood = false);
  default:
    return understood = false;
  }
}

bool QueueMachine::freshItems(Machine &m, const Instruction &i, Object &o) {
  Value at = i.args.size() > 1 ? evaluate(m, i.args[1]) : Value();
  switch (i.op) {
  case Opcode::PushBack:
    o.items.push_back(at);
    return true;
  case Opcode::Size:
    write(m, i, number(int64_t(o.items.size())));
    return true;
  case Opcode::ElementAt: {
    bool inside = at.kind == Kind::Integer && at.number >= 0 && at.number < int64_t(o.items.size());
    write(m, i, inside ? o.items[at.number] : Value());
    return understood &= inside;
  }
  default:
    return understood = false;
  }
}

bool QueueMachine::items(Machine &m, const Instruction &i) {
  if (i.op == Opcode::NewSequence) {
    write(m, i, {Kind::Fresh, uint32_t(m.heap.size())});
    m.heap.emplace_back();
    return true;
  }
  Value on = evaluate(m, i.args[0]);
  if (on.kind == Kind::Fresh)
    return freshItems(m, i, m.heap[on.index]);
  if (on.kind != Kind::Items)
    return understood = false;
  Value first = i.args.size() > 1 ? evaluate(m, i.args[1]) : Value();
  bool front = m.held && m.now.size > 0 && first == number(0);
  switch (i.op) {
  case Opcode::Size:
    write(m, i, look(m) ? number(m.now.size) : Value());
    return true;
  case Opcode::PushBack:
    understood &= touch(m) && m.run.change == Change::None;
    m.run.change = Change::Put;
    m.run.put = first;
    ++m.now.size;
    return understood;
  case Opcode::ElementAt:
    write(m, i, m.movedFrom ? Value{Kind::Null} : Value{Kind::Element});
    return understood &= front;
  case Opcode::SetElementAt:
    m.movedFrom = true;
    return understood &= front && evaluate(m, i.args[2]).kind == Kind::Null;
  case Opcode::PopFront:
    write(m, i, m.movedFrom ? Value{Kind::Null} : Value{Kind::Element});
    understood &= touch(m) && m.now.size > 0 && m.run.change == Change::None;
    m.run.change = Change::Take;
    --m.now.size;
    return understood;
  default:
    return understood = false;
  }
}

bool QueueMachine::calls(Machine &m, const Instruction &i) {
  llvm::SmallVector<Value, 4> args;
  for (const Operand &o : i.args)
    args.push_back(evaluate(m, o));
  if (i.op == Opcode::CallUnknown) {
    write(m, i, {});
    return understood &= llvm::all_of(args, harmless);
  }
  std::optional<FunctionId> callee;
  if (i.op == Opcode::Call)
    callee = i.callee;
  else if (i.callee == callSlot && args[0].kind == Kind::Fresh) {
    const auto &slots = program.classes[m.heap[args[0].index].type].slots;
    auto found = slots.find(callSlot);
    callee = found == slots.end() ? std::nullopt : std::optional(found->second);
  }
  if (!callee)
    return understood = false;
  if (program.functions[*callee].blocks.empty()) {
    write(m, i, {});
    return understood &= llvm::all_of(args, harmless);
  }
  enter(m, *callee, args);
  return understood;
}

/// Goes on in every state that others may have left behind.
void QueueMachine::meetAny(Machine m, std::optional<Register> woken) {
  m.held = true;
  m.movedFrom = false;
  m.run.wakes = {Wakes::Nobody, Wakes::Nobody};
  for (const QueueState &s : states)
    for (bool timedOut : {false, true}) {
      if (timedOut && !woken)
        continue;
      Machine next = m;
      next.now = s;
      next.run.met = s;
      if (woken) {
        next.run.gaveUp |= timedOut;
        next.stack.back().registers[*woken] = truth(!timedOut);
      }
      pending.push_back(std::move(next));
    }
}

bool QueueMachine::locks(Machine &m, const Instruction &i) {
  Value on = evaluate(m, i.args[0]);
  bool condition = on.kind == Kind::Condition;
  if (constructing || (!condition && on.kind != Kind::Lock))
    return understood = false;
  if (i.op == Opcode::Notify) {
    Wakes &w = m.run.wakes[on.index];
    bool counts = m.run.met.has_value();
    w = counts ? std::max(w, i.flags & skeleton::All ? Wakes::All : Wakes::One) : w;
    return true;
  }
  if (i.op == Opcode::Unlock) {
    understood &= m.held && !(i.flags & skeleton::Shared);
    m.held = false;
    return understood;
  }
  if (i.op == Opcode::Lock) {
    // What came before in another section must not have changed anything.
    understood &= !m.held && m.run.change == Change::None && !i.flags;
    if (understood)
      meetAny(m, std::nullopt);
    return false;
  }
  bool timed = i.flags & skeleton::Timed;
  understood &= m.held && m.run.change == Change::None && !m.movedFrom &&
                evaluate(m, i.args[1]).kind == Kind::Lock && (!i.flags || timed);
  if (!understood)
    return false;
  behaviour.waits.insert({on.index, *m.run.met, timed});
  std::optional<Register> woken;
  if (timed)
    woken = i.result();
  if (seen.insert(m).second)
    meetAny(m, woken);
  return false;
}

bool QueueMachine::branches(Machine &m, const Instruction &i) {
  Frame &top = m.stack.back();
  std::optional<bool> known = isTrue(evaluate(m, i.args[0]));
  top.next = 0;
  if (known) {
    top.block = i.targets[*known ? 0 : 1];
    return true;
  }
  for (BlockId target : i.targets) {
    Machine next = m;
    next.stack.back().block = target;
    if (seen.insert(next).second)
      pending.push_back(std::move(next));
  }
  return false;
}

/// Leaves the function on top; false when the run is over.
bool QueueMachine::leave(Machine &m, std::optional<Value> result, bool threw) {
  m.stack.pop_back();
  if (!m.stack.empty()) {
    Frame &caller = m.stack.back();
    const Instruction &call =
        program.functions[caller.function].blocks[caller.block].code[caller.next - 1];
    if (!threw) {
      write(m, call, result.value_or(Value()));
      return true;
    }
    if (!call.unwind)
      return leave(m, std::nullopt, true);
    caller.block = *call.unwind;
    caller.next = 0;
    return true;
  }
  if (constructing) {
    for (auto &[field, v] : m.self)
      if (v.kind == Kind::Fresh)
        v = load(m, v, cellField);
    if (!threw)
      starts.push_back(m.self);
    return false;
  }
  understood &= !m.held;
  m.run.result = result;
  m.run.threw = threw;
  behaviour.runs.push_back(m.run);
  return false;
}

bool QueueMachine::ends(Machine &m, const Instruction &i) {
  Frame &top = m.stack.back();
  switch (i.op) {
  case Opcode::Jump:
    top.block = i.targets[0];
    top.next = 0;
    return true;
  case Opcode::Branch:
    return branches(m, i);
  case Opcode::Return: {
    std::optional<Value> result;
    if (!i.args.empty())
      result = evaluate(m, i.args[0]);
    return leave(m, result, false);
  }
  case Opcode::Throw:
    if (!i.unwind)
      return leave(m, std::nullopt, true);
    top.block = *i.unwind;
    top.next = 0;
    return true;
  default:
    return understood = false;
  }
}

} // namespace sluice::checker::frontend
