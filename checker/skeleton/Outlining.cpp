// Makes the outline of a unit: who uses whom, and digests of code by which units compare it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Code is digested by what it means and never by numbers of this unit, so that two units which hold
// one inline function agree on it. The digest covers the functions that only this unit knows (a
// lambda's, most often) as far as they are reached through each other, and names the shared ones.
#include "skeleton/Outline.h"

#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <set>

namespace sluice::checker::skeleton {

bool communicates(const Instruction &instruction) {
  return instruction.op == Opcode::Spawn || instruction.op == Opcode::Suspend ||
         (instruction.op >= Opcode::Make && instruction.op <= Opcode::Cancel);
}

bool namesField(const Instruction &instruction) {
  return instruction.op == Opcode::Load || instruction.op == Opcode::Store ||
         instruction.op == Opcode::AddressOf || instruction.op == Opcode::CallSlot;
}

namespace {

class Outliner {
public:
  explicit Outliner(const Program &program);
  Outline run();

private:
  void findShared();
  void addUses(FunctionId id, Outline::Function &out) const;
  void addUses(const Instruction &instruction, std::set<Outline::Use> &uses) const;
  void addGlobals(FunctionId id, Outline::Function &out) const;
  Digest digestOfCode(FunctionId id) const;
  void tell(FunctionId id, llvm::raw_ostream &out) const;
  void tell(const Instruction &instruction, llvm::raw_ostream &out) const;
  void tell(const Operand &operand, llvm::raw_ostream &out) const;
  void tell(const Span &at, llvm::raw_ostream &out) const;
  void tellClass(ClassId id, llvm::raw_ostream &out) const;

  const Program &program;
  std::vector<bool> shared; ///< by function
  Outline outline;
};

Outliner::Outliner(const Program &program) : program(program) { findShared(); }

/// The copies of a template for two closures have one key, and a number after it that says which
/// was met first: other units may number them otherwise.
void Outliner::findShared() {
  std::set<llvm::StringRef> ambiguous;
  for (const Function &function : program.functions) {
    auto [key, number] = llvm::StringRef(function.key).rsplit('~');
    unsigned copy = 0;
    if (!number.empty() && !number.getAsInteger(10, copy))
      ambiguous.insert(key);
  }
  for (const Function &function : program.functions) {
    llvm::StringRef key = function.key;
    bool isCopy = ambiguous.count(key) || ambiguous.count(key.rsplit('~').first);
    shared.push_back(!function.internal && !isCopy);
  }
}

void Outliner::addUses(const Instruction &instruction, std::set<Outline::Use> &uses) const {
  bool handed = std::any_of(instruction.args.begin(), instruction.args.end(), [](const Operand &o) {
    return o.kind == Operand::Kind::Register || o.kind == Operand::Kind::Function ||
           o.kind == Operand::Kind::Global;
  });
  if (instruction.op == Opcode::Call)
    uses.insert({instruction.callee, handed});
  if (instruction.op == Opcode::New)
    for (const auto &[slot, function] : program.classes[instruction.callee].slots)
      uses.insert({function, true});
  for (const Operand &operand : instruction.args)
    if (operand.kind == Operand::Kind::Function)
      uses.insert({operand.index, true});
}

void Outliner::addUses(FunctionId id, Outline::Function &out) const {
  std::set<Outline::Use> uses;
  for (const Block &block : program.functions[id].blocks)
    for (const Instruction &instruction : block.code) {
      out.communicates |= communicates(instruction);
      out.locks |= instruction.op == Opcode::Lock;
      addUses(instruction, uses);
    }
  // Of two uses of one function the one that hands something on comes last, and says more.
  for (const Outline::Use &use : uses)
    if (!out.uses.empty() && out.uses.back().function == use.function)
      out.uses.back() = use;
    else
      out.uses.push_back(use);
}

void Outliner::addGlobals(FunctionId id, Outline::Function &out) const {
  std::set<Digest> globals;
  for (const Block &block : program.functions[id].blocks)
    for (const Instruction &instruction : block.code)
      if (namesField(instruction) && instruction.args[0].kind == Operand::Kind::Global)
        if (const std::string &name = program.fields[instruction.callee];
            name.find('@') == std::string::npos)
          globals.insert(digestOf(name));
  out.globals.assign(globals.begin(), globals.end());
}

void Outliner::tell(const Span &at, llvm::raw_ostream &out) const {
  out << (at.valid() && at.file < program.files.size() ? program.files[at.file] : "") << ':'
      << at.line << ':' << at.column << '-' << at.endLine << ':' << at.endColumn;
}

void Outliner::tell(const Operand &operand, llvm::raw_ostream &out) const {
  out << int(operand.kind) << ' ';
  if (operand.kind == Operand::Kind::Function)
    out << program.functions[operand.index].key;
  else if (operand.kind == Operand::Kind::Text)
    out << program.texts[operand.index];
  else
    out << operand.index << ' ' << operand.value;
  out << ';';
}

void Outliner::tellClass(ClassId id, llvm::raw_ostream &out) const {
  const Class &klass = program.classes[id];
  out << klass.key << klass.closedWorld;
  for (const auto &[slot, function] : klass.slots)
    out << program.fields[slot] << '=' << program.functions[function].key << ';';
}

void Outliner::tell(const Instruction &instruction, llvm::raw_ostream &out) const {
  auto result = [&](const std::optional<Register> &r) { out << (r ? int64_t(*r) : -1) << ' '; };
  out << int(instruction.op) << ' ' << instruction.flags << ' ' << int(instruction.primitive)
      << ' ';
  for (const auto &each : instruction.results)
    result(each);
  for (const Operand &each : instruction.args)
    tell(each, out);
  if (instruction.op == Opcode::Call)
    out << program.functions[instruction.callee].key;
  else if (instruction.op == Opcode::New)
    tellClass(instruction.callee, out);
  else if (namesField(instruction))
    out << program.fields[instruction.callee];
  for (const SelectArm &arm : instruction.arms) {
    out << int(arm.kind);
    tell(arm.channel, out);
    tell(arm.value, out);
    result(arm.result);
    result(arm.ok);
    tell(arm.at, out);
  }
  for (const SwitchCase &each : instruction.cases)
    out << each.value << '>' << each.target << ' ';
  for (BlockId target : instruction.targets)
    out << target << ' ';
  out << (instruction.unwind ? int64_t(*instruction.unwind) : -1) << instruction.name << ' '
      << instruction.type << ' ';
  tell(instruction.at, out);
}

void Outliner::tell(FunctionId id, llvm::raw_ostream &out) const {
  const Function &function = program.functions[id];
  out << function.key << '\n'
      << function.parameters << function.entry << function.hidden << function.exclusive
      << function.daemon << '\n';
  for (const Block &block : function.blocks) {
    out << "b\n";
    for (const Instruction &instruction : block.code) {
      tell(instruction, out);
      out << '\n';
    }
  }
}

Digest Outliner::digestOfCode(FunctionId id) const {
  std::string text;
  llvm::raw_string_ostream out(text);
  std::vector<FunctionId> work{id};
  std::set<FunctionId> met{id};
  while (!work.empty()) {
    FunctionId f = work.back();
    work.pop_back();
    tell(f, out);
    for (const Outline::Use &use : outline.functions[f].uses)
      if (!shared[use.function] && met.insert(use.function).second)
        work.push_back(use.function);
  }
  return digestOf(text);
}

Outline Outliner::run() {
  outline.init = program.globalInit;
  for (FunctionId id = 0; id != program.functions.size(); ++id) {
    Outline::Function &out = outline.functions.emplace_back();
    out.key = digestOf(program.functions[id].key);
    out.shared = shared[id];
    out.entry = program.functions[id].entry;
    addUses(id, out);
    addGlobals(id, out);
  }
  for (FunctionId id = 0; id != program.functions.size(); ++id)
    if (!program.functions[id].blocks.empty())
      outline.functions[id].code = shared[id] ? digestOfCode(id) : Digest(1, 1);
  return std::move(outline);
}

} // namespace

llvm::StringRef ownerOf(llvm::StringRef field, bool global) {
  return global ? field : field.take_front(field.rfind("::"));
}

Outline outlineOf(const Program &program, Homes homes) {
  Outline outline = Outliner(program).run();
  outline.homes = std::move(homes);
  return outline;
}

} // namespace sluice::checker::skeleton
