// Chooses the functions from which a program is explored.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A making, or the start of a thread that has to be joined, belongs to its function unless what it
// makes may leave it for the caller; then to the callers, up to functions that nobody in sight
// calls. What leaves is found without regard to order, so a scope may be wider than it has to be.
#include "analysis/explore/Scopes.h"

#include "llvm/ADT/BitVector.h"

#include <map>
#include <set>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

class ScopeFinder {
public:
  explicit ScopeFinder(const Facts &facts) : facts(facts), program(facts.program) {}
  std::vector<ScopeEntry> run();

private:
  using Registers = llvm::BitVector;
  void findCallers();
  bool leaves(uint32_t function, Registers tainted) const;
  bool spread(const Instruction &instruction, Registers &tainted) const;
  void lift(uint32_t function, bool leavesIt, std::set<uint32_t> &visited);
  bool leavesThrough(uint32_t caller, uint32_t callee);
  Registers passedBy(uint32_t caller, uint32_t callee) const;
  void findUnlocks();
  void addLockRoots();
  bool dispatches(uint32_t function, const Class &klass, std::set<uint32_t> &visited) const;
  void addMethods();

  const Facts &facts;
  const Program &program;
  std::vector<std::set<uint32_t>> callers;
  std::set<ScopeEntry> entries;
  std::vector<ScopeEntry> lockRoots;
  std::vector<bool> unlocks;                             ///< by function
  std::set<uint32_t> constructors;                       ///< of classes that have an interface
  std::map<std::pair<uint32_t, uint32_t>, bool> leaving; ///< by caller and callee
};

/// A closure's function is called by whoever makes the closure.
void ScopeFinder::findCallers() {
  callers.resize(program.functions.size());
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code) {
        if (instruction.op == Opcode::Call)
          callers[instruction.callee].insert(f);
        if (instruction.op == Opcode::New)
          for (const auto &[slot, target] : program.classes[instruction.callee].slots)
            callers[target].insert(f);
        for (const Operand &operand : instruction.args)
          if (operand.kind == Operand::Kind::Function)
            callers[operand.index].insert(f);
      }
}

bool ScopeFinder::spread(const Instruction &instruction, Registers &tainted) const {
  bool touches = false;
  for (const Operand &operand : instruction.args)
    touches |= operand.kind == Operand::Kind::Register && tainted.test(operand.index);
  // What was loaded and holds it now: so does what it was loaded from.
  for (std::optional<Register> r : instruction.results)
    touches |= r && tainted.test(*r);
  bool moves =
      instruction.op == Opcode::Copy || instruction.op == Opcode::Load ||
      instruction.op == Opcode::Store || instruction.op == Opcode::AddressOf ||
      instruction.op == Opcode::LoadPlace || instruction.op == Opcode::StorePlace ||
      instruction.op == Opcode::AtomicExchange ||
      (instruction.op >= Opcode::PushBack && instruction.op <= Opcode::CallSlot) ||
      (instruction.op == Opcode::Make && instruction.primitive >= PrimitiveKind::Context) ||
      instruction.op == Opcode::TimerChannel || instruction.op == Opcode::ContextDone;
  if (!touches || !moves)
    return false;
  bool more = false;
  auto taint = [&](Register r) {
    more |= !tainted.test(r);
    tainted.set(r);
  };
  for (const Operand &operand : instruction.args)
    if (operand.kind == Operand::Kind::Register)
      taint(operand.index);
  for (std::optional<Register> r : instruction.results)
    if (r)
      taint(*r);
  return more;
}

bool ScopeFinder::leaves(uint32_t f, Registers tainted) const {
  const Function &function = program.functions[f];
  for (bool changed = true; changed;) {
    changed = false;
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code)
        changed |= spread(instruction, tainted);
  }
  if (int first = tainted.find_first(); first >= 0 && uint32_t(first) < function.parameters)
    return true;
  for (const Block &block : function.blocks)
    for (const Instruction &instruction : block.code) {
      bool global = false, touches = false;
      for (const Operand &operand : instruction.args) {
        global |= operand.kind == Operand::Kind::Global;
        touches |= operand.kind == Operand::Kind::Register && tainted.test(operand.index);
      }
      bool gives = instruction.op == Opcode::Return || instruction.op == Opcode::Throw;
      if (touches && (gives || global))
        return true;
    }
  return false;
}

ScopeFinder::Registers ScopeFinder::passedBy(uint32_t caller, uint32_t callee) const {
  Registers passed(unsigned(program.functions[caller].registers.size()));
  for (const Block &block : program.functions[caller].blocks)
    for (const Instruction &instruction : block.code) {
      std::vector<uint32_t> targets = facts.callees(caller, instruction);
      bool makesClosure = instruction.op == Opcode::New &&
                          llvm::any_of(program.classes[instruction.callee].slots,
                                       [&](const auto &slot) { return slot.second == callee; });
      if (!makesClosure && !llvm::is_contained(targets, callee))
        continue;
      for (const Operand &operand : instruction.args)
        if (operand.kind == Operand::Kind::Register)
          passed.set(operand.index);
      for (std::optional<Register> r : instruction.results)
        if (r)
          passed.set(*r);
    }
  return passed;
}

/// Whether what a caller hands to `callee` may leave the caller. Asked for each making below.
bool ScopeFinder::leavesThrough(uint32_t caller, uint32_t callee) {
  auto [known, isNew] = leaving.try_emplace({caller, callee}, false);
  if (isNew)
    known->second = leaves(caller, passedBy(caller, callee));
  return known->second;
}

void ScopeFinder::lift(uint32_t f, bool leavesIt, std::set<uint32_t> &visited) {
  if (!visited.insert(f).second)
    return;
  const Function &function = program.functions[f];
  bool judgedFromCallers = leavesIt || function.internal;
  // A client of the class is to judge it.
  if (constructors.count(f) && callers[f].empty())
    return;
  if (function.entry || !judgedFromCallers || callers[f].empty()) {
    entries.insert({f, {}});
    return;
  }
  for (uint32_t caller : callers[f])
    lift(caller, leavesIt && leavesThrough(caller, f), visited);
}

/// Functions that release locks, or call those that do. What a call through an unknown callable
/// leads to does not count: it may be any.
void ScopeFinder::findUnlocks() {
  unlocks.resize(program.functions.size());
  std::map<FieldId, std::vector<FunctionId>> bySlot;
  for (const Class &klass : program.classes)
    for (const auto &[slot, function] : klass.slots)
      bySlot[slot].push_back(function);
  auto does = [&](const Instruction &i) {
    if (i.op == Opcode::Call)
      return bool(unlocks[i.callee]);
    if (i.op != Opcode::CallSlot || !(i.flags & Virtual))
      return i.op == Opcode::Unlock;
    return llvm::any_of(bySlot[i.callee], [&](FunctionId f) { return bool(unlocks[f]); });
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t f = 0; f != program.functions.size(); ++f)
      for (const Block &block : program.functions[f].blocks)
        if (!unlocks[f] && llvm::any_of(block.code, does))
          unlocks[f] = changed = true;
  }
}

/// Functions nobody calls that lock what comes from outside: a lock taken twice is wrong for any
/// caller.
void ScopeFinder::addLockRoots() {
  for (uint32_t f = 0; f != program.functions.size(); ++f) {
    const Function &function = program.functions[f];
    if (function.blocks.empty() || !callers[f].empty())
      continue;
    if (unlocks[f] && !entries.count({f, {}}))
      lockRoots.push_back({f, {}, true});
  }
}

/// Whether the function, or one that it calls, calls what a slot of the class decides about.
bool ScopeFinder::dispatches(uint32_t f, const Class &klass, std::set<uint32_t> &visited) const {
  if (!visited.insert(f).second)
    return false;
  for (const Block &block : program.functions[f].blocks)
    for (const Instruction &instruction : block.code) {
      if (instruction.op == Opcode::CallSlot && klass.slots.count(instruction.callee))
        return true;
      if (instruction.op == Opcode::Call && dispatches(instruction.callee, klass, visited))
        return true;
    }
  return false;
}

/// A base's method calls, on an object of the class, what the class overrides: what locks are taken
/// twice only shows when the object's class is known.
void ScopeFinder::addMethods() {
  for (uint32_t c = 0; c != program.classes.size(); ++c)
    for (uint32_t method : program.classes[c].methods) {
      std::set<uint32_t> visited;
      if (unlocks[method] && dispatches(method, program.classes[c], visited))
        lockRoots.push_back({method, c, true});
    }
}

std::vector<ScopeEntry> ScopeFinder::run() {
  findCallers();
  for (const Class &klass : program.classes)
    if (klass.interface)
      constructors.insert(klass.interface->constructors.begin(),
                          klass.interface->constructors.end());
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    if (program.functions[f].entry && !program.functions[f].blocks.empty())
      entries.insert({f, {}});
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code) {
        bool startsThread =
            instruction.op == Opcode::Spawn && (instruction.flags & (Thread | Joinable));
        if (instruction.op != Opcode::Make && !startsThread)
          continue;
        Registers made(unsigned(program.functions[f].registers.size()));
        for (std::optional<Register> r : instruction.results)
          if (r)
            made.set(*r);
        std::set<uint32_t> visited;
        lift(f, leaves(f, made), visited);
      }
  findUnlocks();
  addLockRoots();
  addMethods();
  std::vector<ScopeEntry> all(entries.begin(), entries.end());
  all.insert(all.end(), lockRoots.begin(), lockRoots.end());
  return all;
}

} // namespace

std::vector<ScopeEntry> chooseScopes(const Facts &facts) { return ScopeFinder(facts).run(); }

} // namespace sluice::checker::analysis
