// Copies functions into the joined program, and numbers what they name anew.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "skeleton/Join.h"

#include "llvm/ADT/StringMap.h"

namespace sluice::checker::skeleton {
namespace {

class Joiner {
public:
  Joiner(const LinkPlan &plan, const std::vector<std::string> &names, const NameHomes &homes)
      : plan(plan), names(names), homes(homes) {}
  llvm::Expected<JoinedProgram> run(LoadUnit load);

private:
  void number();
  void take(uint32_t unit, const std::set<FunctionId> &functions);
  Function taken(const Function &function);
  void renumber(Instruction &instruction);
  void renumber(Operand &operand);
  void renumber(Span &at);
  FunctionId functionOf(FunctionId own);
  ClassId classOf(ClassId own);
  FieldId fieldOf(const std::string &name);
  std::string nameIn(const Instruction &instruction) const;
  std::string ownName(const std::string &name) const { return name + "@" + names[unit]; }
  void addInit();

  const LinkPlan &plan;
  const std::vector<std::string> &names;
  const NameHomes &homes;
  JoinedProgram joined;
  std::map<UnitFunction, FunctionId> numbers; ///< functions with code; others as they are met
  llvm::StringMap<FieldId> fields;
  llvm::StringMap<uint32_t> texts, files;
  std::map<std::pair<std::string, std::map<FieldId, FunctionId>>, ClassId> classes;
  std::map<std::string, FunctionId> outOfSight; ///< by key
  std::vector<FunctionId> inits;

  // The unit that is being taken
  uint32_t unit = 0;
  const Program *from = nullptr;
  std::map<ClassId, ClassId> classNumbers;
};

/// Code gets its number first, so that it can be named before its unit is read.
void Joiner::number() {
  for (const auto &[u, functions] : plan.needed)
    for (FunctionId f : functions) {
      FunctionId id = FunctionId(joined.origins.size());
      numbers[{u, f}] = id;
      joined.origins.push_back({u, f});
      if (plan.widened.count({u, f}))
        joined.widened.insert(id);
    }
  joined.program.functions.resize(joined.origins.size());
}

FieldId Joiner::fieldOf(const std::string &name) {
  auto [entry, isNew] = fields.try_emplace(name, FieldId(joined.program.fields.size()));
  if (isNew)
    joined.program.fields.push_back(name);
  return entry->second;
}

/// One without code is declared once, whoever calls it.
FunctionId Joiner::functionOf(FunctionId own) {
  UnitFunction used{unit, own};
  if (auto other = plan.elsewhere.find(used); other != plan.elsewhere.end())
    used = other->second;
  if (auto known = numbers.find(used); known != numbers.end())
    return known->second;
  const Function &declared = from->functions[own];
  auto [entry, isNew] =
      outOfSight.try_emplace(declared.key, FunctionId(joined.program.functions.size()));
  if (isNew) {
    Function copy = declared;
    copy.blocks.clear();
    renumber(copy.at);
    joined.program.functions.push_back(std::move(copy));
    joined.origins.push_back({unit, own});
  }
  return entry->second;
}

/// What a class leads to may be judged in its unit; here it only says which code its slots run.
ClassId Joiner::classOf(ClassId own) {
  if (auto known = classNumbers.find(own); known != classNumbers.end())
    return known->second;
  Class copy = from->classes[own];
  std::map<FieldId, FunctionId> slots;
  for (const auto &[slot, function] : copy.slots)
    slots[fieldOf(from->fields[slot])] = functionOf(function);
  copy.slots = slots;
  copy.interface.reset();
  copy.methods.clear();
  renumber(copy.at);
  auto [entry, isNew] =
      classes.try_emplace({copy.key, slots}, ClassId(joined.program.classes.size()));
  if (isNew) {
    if (entry->second)
      copy.key += "@" + std::to_string(entry->second);
    joined.program.classes.push_back(std::move(copy));
  }
  return classNumbers[own] = entry->second;
}

void Joiner::renumber(Span &at) {
  if (!at.valid() || at.file >= from->files.size())
    return;
  const std::string &name = from->files[at.file];
  auto [entry, isNew] = files.try_emplace(name, uint32_t(joined.program.files.size()));
  if (isNew)
    joined.program.files.push_back(name);
  at.file = entry->second;
}

void Joiner::renumber(Operand &operand) {
  if (operand.kind == Operand::Kind::Function) {
    operand.index = functionOf(operand.index);
  } else if (operand.kind == Operand::Kind::Text) {
    const std::string &content = from->texts[operand.index];
    auto [entry, isNew] = texts.try_emplace(content, uint32_t(joined.program.texts.size()));
    if (isNew)
      joined.program.texts.push_back(content);
    operand.index = entry->second;
  }
}

/// A global that only its unit knows has an `@` in its name. A slot is what is called, whoever has
/// it.
std::string Joiner::nameIn(const Instruction &instruction) const {
  const std::string &name = from->fields[instruction.callee];
  bool global = instruction.args[0].kind == Operand::Kind::Global;
  if (instruction.op == Opcode::CallSlot)
    return name;
  if (global && name.find('@') != std::string::npos)
    return ownName(name);
  return name + homes.suffix(unit, name, global);
}

void Joiner::renumber(Instruction &instruction) {
  if (instruction.op == Opcode::Call) {
    instruction.callee = functionOf(instruction.callee);
  } else if (instruction.op == Opcode::New) {
    instruction.callee = classOf(instruction.callee);
  } else if (namesField(instruction)) {
    instruction.callee = fieldOf(nameIn(instruction));
  }
  for (Operand &operand : instruction.args)
    renumber(operand);
  for (SelectArm &arm : instruction.arms) {
    renumber(arm.channel);
    renumber(arm.value);
    renumber(arm.at);
  }
  renumber(instruction.at);
}

Function Joiner::taken(const Function &function) {
  Function copy = function;
  if (copy.internal)
    copy.key = ownName(copy.key);
  renumber(copy.at);
  for (Block &block : copy.blocks)
    for (Instruction &instruction : block.code)
      renumber(instruction);
  return copy;
}

void Joiner::take(uint32_t number, const std::set<FunctionId> &functions) {
  unit = number;
  classNumbers.clear();
  for (FunctionId f : functions) {
    FunctionId id = numbers[{unit, f}];
    // Declarations may be added while it is copied.
    Function copy = taken(from->functions[f]);
    joined.program.functions[id] = std::move(copy);
    if (from->globalInit == f)
      inits.push_back(id);
  }
}

/// Sets up the globals unit by unit.
void Joiner::addInit() {
  if (inits.empty())
    return;
  Program &program = joined.program;
  program.globalInit = FunctionId(program.functions.size());
  Function all;
  all.key = "globals";
  all.display = "the globals of the program";
  all.internal = true;
  all.at = program.functions[inits.front()].at;
  Block &block = all.blocks.emplace_back();
  for (FunctionId each : inits) {
    Instruction &call = block.code.emplace_back();
    call.op = Opcode::Call;
    call.callee = each;
    call.results.push_back(std::nullopt);
    call.at = program.functions[each].at;
  }
  block.code.emplace_back().op = Opcode::Return;
  program.functions.push_back(std::move(all));
  joined.origins.push_back(joined.origins[inits.front()]);
}

llvm::Expected<JoinedProgram> Joiner::run(LoadUnit load) {
  number();
  for (const auto &[u, functions] : plan.needed) {
    llvm::Expected<Program> own = load(u, functions);
    if (!own)
      return own.takeError();
    from = &*own;
    take(u, functions);
  }
  addInit();
  return std::move(joined);
}

} // namespace

llvm::Expected<JoinedProgram> join(const LinkPlan &plan, const std::vector<std::string> &names,
                                   const NameHomes &homes, LoadUnit load) {
  return Joiner(plan, names, homes).run(load);
}

} // namespace sluice::checker::skeleton
