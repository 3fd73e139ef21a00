// Lets what is made flow to the fields, containers and registers that may hold it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/slice/FieldFlow.h"

#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {
constexpr uint32_t NoClass = ~0u;
/// What flows further than this is left out.
constexpr unsigned MostRounds = 24;

bool makes(const Instruction &instruction) {
  return instruction.op == Opcode::New || instruction.op == Opcode::NewSequence ||
         instruction.op == Opcode::NewMap || instruction.op == Opcode::Make;
}

/// Whether anything can flow by the instruction.
bool passesOn(const Instruction &instruction) {
  const bool computes = instruction.op > Opcode::Copy && instruction.op < Opcode::New;
  const bool copies = instruction.op != Opcode::Copy ||
                      instruction.args[0].kind == Operand::Kind::Register ||
                      instruction.args[0].kind == Operand::Kind::Function;
  return makes(instruction) || instruction.op == Opcode::Return ||
         (instruction.op <= Opcode::Spawn && !computes && copies);
}
} // namespace

FieldFlow::FieldFlow(const Program &program) : program(program) {
  numberSites();
  std::vector<std::pair<uint32_t, const Instruction *>> flows;
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code)
        if (passesOn(instruction))
          flows.emplace_back(f, &instruction);
  for (unsigned round = 0; round == 0 || (changed && round != MostRounds); ++round) {
    changed = false;
    for (const auto &[f, instruction] : flows)
      apply(f, *instruction);
  }
  findKeepers();
  findHomes();
}

/// Nodes are the fields, then registers and results of functions, then parts of what is made.
void FieldFlow::numberSites() {
  auto next = Node(program.fields.size());
  for (const Function &function : program.functions) {
    firstRegister.push_back(next);
    next += Node(function.registers.size()) + 1;
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code)
        if (makes(instruction)) {
          sites.try_emplace(&instruction, uint32_t(sites.size()));
          classes.push_back(instruction.op == Opcode::New ? instruction.callee : NoClass);
          makers.push_back(uint32_t(firstRegister.size() - 1));
        }
  }
  holds.resize(next);
  firstSite = uint32_t(program.functions.size());
  firstPlace = firstSite + uint32_t(sites.size());
}

FieldFlow::Node FieldFlow::returnNode(uint32_t function) const {
  return firstRegister[function] + Node(program.functions[function].registers.size());
}

FieldFlow::Node FieldFlow::partOf(uint32_t site, Part part) {
  auto [entry, isNew] = parts.try_emplace({site, part}, Node(holds.size()));
  if (isNew)
    holds.emplace_back();
  return entry->second;
}

FieldFlow::Set FieldFlow::valueOf(uint32_t f, const Operand &operand) const {
  Set set;
  if (operand.kind == Operand::Kind::Function)
    set.set(operand.index);
  if (operand.kind == Operand::Kind::Register)
    set = holds[node(f, operand.index)];
  return set;
}

void FieldFlow::add(Node node, const Set &tokens) { changed |= holds[node] |= tokens; }

void FieldFlow::addResult(uint32_t f, const Instruction &instruction, const Set &tokens) {
  if (std::optional<Register> result = instruction.result())
    add(node(f, *result), tokens);
}

template <class Visit> void FieldFlow::eachPart(const Set &objects, Part part, Visit visit) {
  for (unsigned token : objects)
    if (token >= firstSite && token < firstPlace)
      visit(partOf(token - firstSite, part));
}

/// A reference to a cell is a place, too.
template <class Visit> void FieldFlow::eachPlace(const Set &places, Visit visit) {
  eachPart(places, Content, visit);
  for (unsigned token : places)
    if (token >= firstPlace)
      visit(fieldNode(token - firstPlace));
}

void FieldFlow::apply(uint32_t f, const Instruction &instruction) {
  if (auto site = sites.find(&instruction); site != sites.end()) {
    Set made;
    made.set(firstSite + site->second);
    return addResult(f, instruction, made);
  }
  if (instruction.op == Opcode::Return && !instruction.args.empty())
    return add(returnNode(f), valueOf(f, instruction.args[0]));
  if (instruction.op <= Opcode::Store)
    return applyFields(f, instruction);
  if (instruction.op <= Opcode::AtomicCompareExchange)
    return applyPlaces(f, instruction);
  if (instruction.op <= Opcode::MapErase)
    return applyContainers(f, instruction);
  if (instruction.op <= Opcode::Spawn)
    return applyCalls(f, instruction);
}

void FieldFlow::applyFields(uint32_t f, const Instruction &instruction) {
  switch (instruction.op) {
  case Opcode::Copy:
    return addResult(f, instruction, valueOf(f, instruction.args[0]));
  case Opcode::Load:
    if (!isCell(instruction.callee))
      return addResult(f, instruction, holds[fieldNode(instruction.callee)]);
    return eachPart(valueOf(f, instruction.args[0]), Content,
                    [&](Node node) { addResult(f, instruction, Set(holds[node])); });
  case Opcode::Store: {
    Set stored = valueOf(f, instruction.args[1]);
    if (!isCell(instruction.callee))
      return add(fieldNode(instruction.callee), stored);
    return eachPart(valueOf(f, instruction.args[0]), Content,
                    [&](Node node) { add(node, stored); });
  }
  default:
    return;
  }
}

void FieldFlow::applyPlaces(uint32_t f, const Instruction &instruction) {
  if (instruction.args.empty())
    return;
  Set on = valueOf(f, instruction.args[0]);
  switch (instruction.op) {
  case Opcode::AddressOf:
    if (instruction.args.size() == 2)
      return eachPart(on, Elements,
                      [&](Node node) { addResult(f, instruction, Set(holds[node])); });
    if (!isCell(instruction.callee)) {
      on.clear();
      on.set(firstPlace + instruction.callee);
    }
    return addResult(f, instruction, on);
  case Opcode::LoadPlace:
    return eachPlace(on, [&](Node node) { addResult(f, instruction, Set(holds[node])); });
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
    eachPlace(on, [&](Node node) { addResult(f, instruction, Set(holds[node])); });
    [[fallthrough]];
  case Opcode::StorePlace:
    return eachPlace(on, [&](Node node) { add(node, valueOf(f, instruction.args.back())); });
  default:
    return;
  }
}

void FieldFlow::applyContainers(uint32_t f, const Instruction &instruction) {
  if (instruction.args.empty())
    return;
  Set on = valueOf(f, instruction.args[0]);
  switch (instruction.op) {
  case Opcode::PushBack:
  case Opcode::PushFront:
  case Opcode::SetElementAt:
  case Opcode::MapPut:
  case Opcode::MapInsert: {
    Set stored = valueOf(f, instruction.args.back());
    return eachPart(on, Elements, [&](Node node) { add(node, stored); });
  }
  case Opcode::PopBack:
  case Opcode::PopFront:
  case Opcode::ElementAt:
  case Opcode::MapFind:
    return eachPart(on, Elements, [&](Node node) { addResult(f, instruction, Set(holds[node])); });
  default:
    return;
  }
}

std::vector<uint32_t> FieldFlow::targets(uint32_t f, const Instruction &instruction) const {
  if (instruction.op == Opcode::Call)
    return {instruction.callee};
  bool starts = instruction.op == Opcode::Spawn;
  if ((!starts && instruction.op != Opcode::CallSlot) || instruction.args.empty())
    return {};
  std::vector<uint32_t> list;
  for (unsigned token : valueOf(f, instruction.args[0])) {
    if (token < firstSite)
      list.push_back(token);
    if (token < firstSite || token >= firstPlace || classes[token - firstSite] == NoClass)
      continue;
    for (const auto &[slot, target] : program.classes[classes[token - firstSite]].slots)
      if (starts ? program.fields[slot] == "()" : slot == instruction.callee)
        list.push_back(target);
  }
  llvm::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

/// A function value does not take itself as an argument; a closure, and what a method is called on,
/// do.
void FieldFlow::applyCalls(uint32_t f, const Instruction &instruction) {
  bool direct = instruction.op == Opcode::Call;
  Set callable =
      direct ? Set() : valueOf(f, instruction.args.empty() ? Operand() : instruction.args[0]);
  for (uint32_t callee : targets(f, instruction)) {
    size_t skipped = !direct && callable.test(callee) ? 1 : 0;
    for (size_t i = skipped; i < instruction.args.size(); ++i)
      if (i - skipped < program.functions[callee].parameters)
        add(node(callee, Register(i - skipped)), valueOf(f, instruction.args[i]));
    if (instruction.op != Opcode::Spawn)
      addResult(f, instruction, Set(holds[returnNode(callee)]));
  }
}

/// What is made is kept by who stores it in a field at once: its maker, or who calls the maker.
void FieldFlow::findKeepers() {
  for (uint32_t f = 0; f != program.functions.size(); ++f) {
    std::map<Register, std::set<uint32_t>> made;
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code) {
        std::optional<Register> result = instruction.result();
        if (auto site = sites.find(&instruction); site != sites.end() && result)
          made[*result] = {site->second};
        if (instruction.op == Opcode::Call && result)
          for (unsigned token : holds[returnNode(instruction.callee)])
            if (token >= firstSite && token < firstPlace &&
                makers[token - firstSite] == instruction.callee)
              made[*result].insert(token - firstSite);
        bool keeps = instruction.op == Opcode::Store && !isCell(instruction.callee) &&
                     instruction.args[1].kind == Operand::Kind::Register;
        if (keeps)
          for (uint32_t site : made[instruction.args[1].index])
            keepers[site].insert(instruction.callee);
      }
  }
}

void FieldFlow::findHomes() {
  for (uint32_t field = 0; field != program.fields.size(); ++field) {
    std::set<uint32_t> of;
    bool known = !holds[fieldNode(field)].empty();
    for (unsigned token : holds[fieldNode(field)]) {
      auto kept = token < firstSite ? keepers.end() : keepers.find(token - firstSite);
      known &= kept != keepers.end() && kept->second.size() == 1;
      if (known)
        of.insert(*kept->second.begin());
    }
    if (known && of.size() == 1)
      homes[field] = *of.begin();
  }
}

size_t FieldFlow::homesOf(uint32_t klass) const {
  std::set<uint32_t> fields;
  for (const auto &[site, kept] : keepers)
    if (classes[site] == klass)
      fields.insert(kept.begin(), kept.end());
  return fields.size();
}

uint32_t FieldFlow::homeOf(uint32_t field) const {
  auto home = homes.find(field);
  return home == homes.end() ? field : home->second;
}

} // namespace sluice::checker::analysis
