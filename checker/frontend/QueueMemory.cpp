// Runs the data of a method of a class that may be a home-made queue: numbers, fields, places.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/QueueMachine.h"

namespace sluice::checker::frontend {

using Kind = QueueValue::Kind;
using Use = QueueFields::Use;
using Change = QueueRun::Change;

bool harmless(const QueueValue &v) {
  return v.kind == Kind::Unknown || v.kind == Kind::Integer || v.kind == Kind::Null;
}

std::optional<bool> isTrue(const QueueValue &v) {
  if (v.kind == Kind::Integer)
    return v.number != 0;
  if (v.kind == Kind::Null)
    return false;
  bool maybe = v.kind == Kind::Unknown || v.kind == Kind::Parameter || v.kind == Kind::Element;
  return maybe ? std::nullopt : std::optional(true);
}

bool QueueMachine::data(Machine &m, const Instruction &i) {
  Value a = evaluate(m, i.args[0]);
  if (i.op == Opcode::Copy || i.op == Opcode::Not) {
    std::optional<bool> known = isTrue(a);
    write(m, i, i.op == Opcode::Copy ? a : known ? truth(!*known) : Value());
    return true;
  }
  Value b = evaluate(m, i.args[1]);
  Value out;
  bool numbers = a.kind == Kind::Integer && b.kind == Kind::Integer;
  bool null = b.kind == Kind::Null && isTrue(a).has_value();
  switch (i.op) {
  case Opcode::Add:
  case Opcode::Sub: {
    int64_t by = i.op == Opcode::Add ? b.number : -b.number;
    if (b.kind == Kind::Integer && (a.kind == Kind::Integer || a.kind == Kind::Parameter)) {
      out = a;
      out.number += by;
    }
    break;
  }
  case Opcode::Equal:
  case Opcode::NotEqual:
    if (numbers)
      out = truth((a.number == b.number) == (i.op == Opcode::Equal));
    else if (null)
      out = truth(!*isTrue(a) == (i.op == Opcode::Equal));
    break;
  case Opcode::Less:
    out = numbers ? truth(a.number < b.number) : out;
    break;
  case Opcode::LessEqual:
    out = numbers ? truth(a.number <= b.number) : out;
    break;
  case Opcode::And:
    out = numbers ? truth(a.number && b.number) : out;
    break;
  case Opcode::Or:
    out = numbers ? truth(a.number || b.number) : out;
    break;
  default:
    break;
  }
  write(m, i, out);
  return true;
}

QueueValue QueueMachine::load(Machine &m, Value object, FieldId field) {
  if (object.kind == Kind::Element || object.kind == Kind::Parameter)
    return {object.kind, object.index};
  if (object.kind == Kind::Fresh) {
    auto found = m.heap[object.index].fields.find(field);
    return found == m.heap[object.index].fields.end() ? Value() : found->second;
  }
  auto known = fields.known.find(field);
  bool flag = object.kind == Kind::Flag && field == cellField;
  if (!constructing && (flag || (object.kind == Kind::This && known != fields.known.end()))) {
    switch (flag ? Use::Flag : known->second.use) {
    case Use::Lock:
      return {Kind::Lock};
    case Use::Condition:
      return {Kind::Condition, known->second.index};
    case Use::Items:
      return {Kind::Items};
    case Use::FlagCell:
      return {Kind::Flag};
    case Use::Flag:
      if (!look(m))
        return {};
      return number(m.now.closed ? !openFlag : openFlag);
    case Use::Number:
      break;
    }
  }
  auto found = m.self.find(field);
  return object.kind == Kind::This && found != m.self.end() ? found->second : Value();
}

bool QueueMachine::store(Machine &m, Value object, FieldId field, Value v) {
  if (object.kind == Kind::Fresh) {
    m.heap[object.index].fields[field] = v;
    return true;
  }
  if (object.kind == Kind::Parameter) {
    if (v.kind == Kind::Element)
      m.run.into = object.index;
    return true;
  }
  if (object.kind == Kind::Element || object.kind == Kind::Unknown)
    return object.kind == Kind::Element || harmless(v);
  if (object.kind == Kind::This && constructing) {
    m.self[field] = v;
    return true;
  }
  auto known = fields.known.find(field);
  bool flag = (object.kind == Kind::Flag && field == cellField) ||
              (known != fields.known.end() && known->second.use == Use::Flag);
  if (!flag) // what no branch can read may be written
    return object.kind == Kind::This && known == fields.known.end() && harmless(v);
  if (!touch(m) || v.kind != Kind::Integer || v.number == openFlag || m.run.change == Change::Put ||
      m.run.change == Change::Take)
    return false;
  if (!m.now.closed)
    m.run.change = Change::Close;
  m.now.closed = true;
  return true;
}

bool QueueMachine::memory(Machine &m, const Instruction &i) {
  Value on = i.args.empty() ? Value() : evaluate(m, i.args[0]);
  switch (i.op) {
  case Opcode::New:
    write(m, i, {Kind::Fresh, uint32_t(m.heap.size())});
    m.heap.emplace_back().type = i.callee;
    return true;
  case Opcode::Load:
    write(m, i, load(m, on, i.callee));
    return true;
  case Opcode::Store:
    return understood &= store(m, on, i.callee, evaluate(m, i.args[1]));
  case Opcode::AddressOf:
    write(m, i, i.args.size() > 1 ? Value() : Value{Kind::Spot, i.callee, 0, on.kind, on.index});
    return understood &= i.args.size() == 1 || on.kind == Kind::Element;
  case Opcode::EndLocal:
    return true;
  default:
    break;
  }
  if (on.kind == Kind::Parameter && i.op == Opcode::StorePlace)
    return understood &= store(m, on, 0, evaluate(m, i.args[1]));
  if (on.kind == Kind::Parameter && i.op == Opcode::LoadPlace) {
    write(m, i, on);
    return true;
  }
  if (on.kind != Kind::Spot)
    return understood = false;
  Value object{on.inner, on.innerIndex};
  if (object.kind == Kind::Unknown) { // a counter that no branch can follow
    write(m, i, {});
    write(m, i, {}, 1);
    return true;
  }
  if (i.op != Opcode::StorePlace)
    write(m, i, load(m, object, on.index));
  bool writes = i.op == Opcode::StorePlace || i.op == Opcode::AtomicExchange;
  if (writes)
    understood &= store(m, object, on.index, evaluate(m, i.args[1]));
  return understood &= writes || i.op == Opcode::LoadPlace;
}

} // namespace sluice::checker::frontend
