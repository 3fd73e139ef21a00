// Unifies what may be the same object.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/slice/Aliases.h"

#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::analysis {
using namespace skeleton;

Aliases::Aliases(const Program &program) : program(program) {
  size_t known = 2 * program.functions.size();
  for (const Function &function : program.functions)
    known += function.registers.size();
  nodes.reserve(2 * known); // places come to the values
  globals = add();
  for (const Function &function : program.functions) {
    returns.push_back(add());
    values.push_back(add());
    nodes[values.back()].functions.insert(uint32_t(values.size() - 1));
    auto &list = registers.emplace_back();
    for (size_t r = 0; r != function.registers.size(); ++r)
      list.push_back(add());
  }
  for (uint32_t c = 0; c != program.classes.size(); ++c)
    for (uint32_t method : program.classes[c].methods)
      nodes[registers[method][0]].classes.insert(c);
  std::vector<std::pair<uint32_t, const Instruction *>> dynamic;
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code) {
        apply(f, instruction);
        if (instruction.op == Opcode::CallSlot || instruction.op == Opcode::Spawn ||
            instruction.op == Opcode::Make)
          dynamic.emplace_back(f, &instruction);
      }
  // Nodes stay one once they are; but what a call may run is found on the way.
  do {
    changed = false;
    for (auto [f, instruction] : dynamic)
      applyCalls(f, *instruction);
  } while (changed);
  flatten();
  computeLeads();
}

Aliases::Node Aliases::find(Node node) const {
  while (node != None && nodes[node].parent != node)
    node = nodes[node].parent = nodes[nodes[node].parent].parent;
  return node;
}

Aliases::Node Aliases::add() {
  Node node = Node(nodes.size());
  nodes.emplace_back();
  nodes.back().parent = node;
  return node;
}

Aliases::Node Aliases::at(Node object, uint32_t key) {
  object = find(object);
  if (object == None)
    return None;
  auto known = nodes[object].places.find(key);
  if (known != nodes[object].places.end())
    return find(known->second);
  Node made = add();
  nodes[object].places[key] = made;
  return made;
}

std::optional<Aliases::Node> Aliases::place(Node object, uint32_t key) const {
  const Data &data = nodes[object];
  auto known = data.places.find(key);
  return known == data.places.end() ? std::nullopt : std::optional(known->second);
}

std::vector<Aliases::Held> Aliases::contents() const {
  std::vector<Held> list;
  for (Node object = 0; object != nodes.size(); ++object)
    for (auto [key, place] : nodes[object].places)
      if (key != Content)
        list.push_back({object, key, place, this->place(place, Content).value_or(None)});
  return list;
}

bool Aliases::isOfModel(Node object) const {
  const std::set<uint32_t> &classes = nodes[object].classes;
  return !classes.empty() && llvm::none_of(classes, [&](uint32_t c) {
    return program.classes[c].at.valid() || !program.classes[c].methods.empty();
  });
}

std::optional<Aliases::Node> Aliases::ofOperand(uint32_t function, const Operand &operand) const {
  if (operand.kind == Operand::Kind::Register)
    return registers[function][operand.index];
  return operand.kind == Operand::Kind::Global ? std::optional(globals) : std::nullopt;
}

Aliases::Node Aliases::operand(uint32_t function, const Operand &operand) {
  if (std::optional<Node> known = ofOperand(function, operand))
    return find(*known);
  return operand.kind == Operand::Kind::Function ? find(values[operand.index]) : None;
}

void Aliases::unify(Node a, Node b) {
  std::vector<std::pair<Node, Node>> work{{a, b}};
  while (!work.empty()) {
    auto [first, second] = work.back();
    work.pop_back();
    Node into = find(first), from = find(second);
    if (into == from || into == None || from == None)
      continue;
    if (from < into)
      std::swap(into, from);
    changed = true;
    nodes[from].parent = into;
    Data &to = nodes[into], &old = nodes[from];
    to.primitive |= old.primitive;
    to.closed |= old.closed;
    to.classes.merge(old.classes);
    to.functions.merge(old.functions);
    for (auto [key, node] : old.places) {
      auto [known, isNew] = to.places.try_emplace(key, node);
      if (!isNew)
        work.emplace_back(known->second, node);
    }
    old.places.clear();
  }
}

llvm::SmallVector<uint32_t, 1> Aliases::targets(uint32_t function,
                                                const Instruction &instruction) const {
  if (instruction.op == Opcode::Call)
    return {instruction.callee};
  bool starts = instruction.op == Opcode::Spawn ||
                (instruction.op == Opcode::Make && instruction.primitive == PrimitiveKind::Timer);
  if ((!starts && instruction.op != Opcode::CallSlot) || instruction.args.empty())
    return {};
  if (instruction.args[0].kind == Operand::Kind::Function)
    return {instruction.args[0].index};
  std::optional<Node> callable = ofOperand(function, instruction.args[0]);
  if (!callable)
    return {};
  const Data &data = nodes[find(*callable)];
  std::set<uint32_t> list = data.functions;
  for (uint32_t c : data.classes)
    for (const auto &[slot, target] : program.classes[c].slots)
      if (starts ? program.fields[slot] == "()" : slot == instruction.callee)
        list.insert(target);
  return {list.begin(), list.end()};
}

/// A function value does not take itself as an argument; a closure, and what a method is called
/// on, do.
void Aliases::bind(uint32_t f, const Instruction &instruction, uint32_t callee) {
  bool direct = instruction.op == Opcode::Call;
  bool plain = !direct && (instruction.args[0].kind == Operand::Kind::Function ||
                           nodes[find(operand(f, instruction.args[0]))].functions.count(callee));
  size_t skipped = plain ? 1 : 0;
  for (size_t i = skipped; i < instruction.args.size(); ++i)
    if (i - skipped < program.functions[callee].parameters)
      unify(operand(f, instruction.args[i]), registers[callee][i - skipped]);
  if (instruction.op == Opcode::Call || instruction.op == Opcode::CallSlot)
    if (std::optional<Register> result = instruction.result())
      unify(registers[f][*result], returns[callee]);
}

void Aliases::applyCalls(uint32_t f, const Instruction &instruction) {
  for (uint32_t callee : targets(f, instruction))
    bind(f, instruction, callee);
  if (std::optional<Register> handle = instruction.result();
      handle && instruction.op == Opcode::Spawn)
    nodes[find(registers[f][*handle])].primitive = true;
}

void Aliases::applyPlaces(uint32_t f, const Instruction &instruction) {
  auto arg = [&](size_t i) { return operand(f, instruction.args[i]); };
  std::optional<Register> to = instruction.result();
  Node result = to ? registers[f][*to] : None;
  switch (instruction.op) {
  case Opcode::Copy:
    return unify(result, arg(0));
  case Opcode::Equal:
  case Opcode::NotEqual:
    return unify(arg(0), arg(1)); // an outside value may be found to be this object
  case Opcode::New:
    if (result != None)
      changed |= nodes[find(result)].classes.insert(instruction.callee).second;
    return;
  case Opcode::Load:
    return unify(result, content(arg(0), instruction.callee));
  case Opcode::Store:
    return unify(content(arg(0), instruction.callee), arg(1));
  case Opcode::AddressOf:
    return unify(
        at(result, Pointee),
        at(arg(0), instruction.args.size() == 2 ? uint32_t(Elements) : instruction.callee));
  case Opcode::LoadPlace:
    return unify(result, content(arg(0), Pointee));
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
    unify(result, content(arg(0), Pointee));
    [[fallthrough]];
  case Opcode::StorePlace:
    for (size_t i = 1; i != instruction.args.size(); ++i)
      unify(content(arg(0), Pointee), arg(i));
    return;
  default:
    return;
  }
}

void Aliases::applyContainers(uint32_t f, const Instruction &instruction) {
  if (instruction.args.empty())
    return;
  Node on = operand(f, instruction.args[0]);
  bool key = instruction.op == Opcode::MapKeyAt;
  bool counts = instruction.op == Opcode::Size || instruction.op == Opcode::MapPosition ||
                instruction.op == Opcode::MapInsert;
  if (std::optional<Register> result = instruction.result(); result && !counts)
    unify(registers[f][*result], content(on, key ? Keys : Elements));
  bool map = instruction.op >= Opcode::NewMap && !key;
  if (map)
    unify(content(on, Keys), operand(f, instruction.args[1]));
  bool stores = instruction.op == Opcode::PushBack || instruction.op == Opcode::PushFront ||
                instruction.op == Opcode::SetElementAt || instruction.op == Opcode::MapPut ||
                instruction.op == Opcode::MapInsert;
  if (stores)
    unify(content(on, Elements), operand(f, instruction.args.back()));
}

void Aliases::markPrimitive(Node node) {
  if (node != None)
    nodes[find(node)].primitive = true;
}

/// A context, its canceller, its done channel and its children are one node: what one does, the
/// others notice. So are a timer and its channel.
void Aliases::applyPrimitives(uint32_t f, const Instruction &instruction) {
  auto result = [&](size_t i) {
    std::optional<Register> to = instruction.result(i);
    return to ? registers[f][*to] : None;
  };
  for (const SelectArm &arm : instruction.arms) {
    Node channel = operand(f, arm.channel);
    markPrimitive(channel);
    if (arm.kind == SelectArm::Kind::Send)
      unify(content(channel, Messages), operand(f, arm.value));
    if (arm.kind == SelectArm::Kind::Receive && arm.result)
      unify(content(channel, Messages), registers[f][*arm.result]);
  }
  if (instruction.op == Opcode::Make) {
    markPrimitive(result(0));
    if (instruction.primitive >= PrimitiveKind::Context && !instruction.args.empty())
      unify(result(0), operand(f, instruction.args[0]));
    return;
  }
  if (instruction.args.empty() || instruction.op == Opcode::Select)
    return;
  Node on = operand(f, instruction.args[0]);
  markPrimitive(on);
  if (instruction.op == Opcode::Wait)
    markPrimitive(operand(f, instruction.args[1]));
  if (instruction.op == Opcode::Close && on != None)
    nodes[find(on)].closed = true;
  if (instruction.op == Opcode::Send)
    unify(content(on, Messages), operand(f, instruction.args[1]));
  if (instruction.op == Opcode::Receive)
    unify(content(on, Messages), result(instruction.flags & MayGiveUp ? 1 : 0));
  if (instruction.op == Opcode::ContextDone || instruction.op == Opcode::TimerChannel)
    unify(result(0), on);
}

void Aliases::apply(uint32_t f, const Instruction &instruction) {
  if (instruction.op <= Opcode::AtomicCompareExchange)
    return applyPlaces(f, instruction);
  if (instruction.op <= Opcode::MapErase)
    return applyContainers(f, instruction);
  if (instruction.op <= Opcode::Escape || instruction.op == Opcode::Make)
    applyCalls(f, instruction);
  if (instruction.op >= Opcode::Make && instruction.op <= Opcode::Cancel)
    return applyPrimitives(f, instruction);
  if (instruction.op == Opcode::Return && !instruction.args.empty())
    unify(returns[f], operand(f, instruction.args[0]));
}

/// From here on every node that is named is the one that stands for all it is unified with.
void Aliases::flatten() {
  for (std::vector<Node> &list : registers)
    for (Node &node : list)
      node = find(node);
  for (Data &data : nodes)
    for (auto &[key, place] : data.places)
      place = find(place);
}

/// Upwards from primitives to what holds them.
void Aliases::computeLeads() {
  std::vector<llvm::SmallVector<Node, 2>> holders(nodes.size());
  llvm::SmallVector<Node> work;
  leads.resize(unsigned(nodes.size()));
  for (Node node = 0; node != nodes.size(); ++node) {
    for (auto [key, to] : nodes[node].places)
      holders[to].push_back(node);
    if (nodes[node].parent == node && nodes[node].primitive) {
      leads.set(node);
      work.push_back(node);
    }
  }
  while (!work.empty())
    for (Node holder : holders[work.pop_back_val()])
      if (!leads.test(holder)) {
        leads.set(holder);
        work.push_back(holder);
      }
}

bool Aliases::leadsToPrimitive(uint32_t f, const Operand &operand) const {
  std::optional<Node> node = ofOperand(f, operand);
  return operand.kind == Operand::Kind::Function || (node && leadsToPrimitive(*node));
}

} // namespace sluice::checker::analysis
