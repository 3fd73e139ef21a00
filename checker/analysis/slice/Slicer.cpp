// Marks what a verdict may depend on, and puts nothing in the place of the rest.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What communicates is kept; so is what ends a path, and what hands on something that leads to a
// primitive, even to code out of sight. From there on backwards: what computes a kept operand, what
// writes a place that is read, the branches that decide whether something kept runs, and calls of
// functions with something kept. Registers are judged without regard to order, places by aliases.
#include "analysis/slice/Slicer.h"

#include "analysis/FiberRules.h"
#include "analysis/slice/Aliases.h"
#include "analysis/slice/ControlDependence.h"
#include "analysis/slice/LocalObjects.h"
#include "analysis/slice/LockUses.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

class Slicer {
public:
  Slicer(const Program &original, Keep what);
  Slice run();

private:
  using Node = Aliases::Node;

  // Exceptions
  void findThrowers();
  bool mayThrow(uint32_t function, const Instruction &instruction) const;
  void dropUnwinds();

  // Marking
  void findReaders();
  void readsPlaces(uint32_t f, const Operand &object, uint32_t field);
  void mark();
  void markIn(uint32_t f);
  void activate(uint32_t f);
  bool wanted(uint32_t f, uint32_t block, const Instruction &instruction) const;
  bool communicates(uint32_t f, uint32_t block, const Instruction &instruction) const;
  bool writesWanted(uint32_t f, const Instruction &instruction) const;
  bool resultWanted(uint32_t f, const Instruction &instruction) const;
  void keep(const InstructionRef &ref, const Instruction &instruction);
  void wantOperands(uint32_t f, const Instruction &instruction);
  void wantArguments(uint32_t f, const Instruction &instruction);
  void wantPlaces(uint32_t f, const Instruction &instruction);
  bool argumentWanted(uint32_t f, const Instruction &instruction, size_t i) const;
  bool valueWanted(uint32_t f, const Instruction &instruction, size_t i) const;

  void want(uint32_t f, const Operand &operand);
  void wantPlace(uint32_t f, const Operand &object, uint32_t key);
  bool placeWanted(uint32_t f, const Operand &object, uint32_t key) const;
  std::optional<Node> placeOf(uint32_t f, const Operand &object, uint32_t key) const;
  bool leads(uint32_t f, const Operand &operand) const {
    return aliases->leadsToPrimitive(f, operand);
  }

  // Rewriting
  void rewrite();
  void rewriteBlock(uint32_t f, uint32_t b);
  void dropEnd(uint32_t f, uint32_t b);
  void dropOperands(uint32_t f, Instruction &instruction) const;

  Slice result;
  Program &program;
  std::vector<bool> throwing;
  bool fibers = false; ///< some are started: who rests lets others go on
  const Aliases *aliases = nullptr;
  std::vector<ControlDependence> control;
  std::vector<std::vector<std::vector<bool>>> kept;
  std::vector<std::vector<bool>> registers;
  std::vector<bool> results;     ///< functions whose result is read
  std::optional<LockUses> locks; ///< if they are all that is asked for
  std::vector<bool> active;      ///< functions with something kept
  llvm::DenseSet<Node> places;   ///< that are read
  std::vector<bool> stale;       ///< functions that something changed for since they were looked at
  using Functions = llvm::SmallVector<uint32_t, 2>; ///< in ascending order
  std::vector<Functions> callers;
  llvm::DenseMap<Node, Functions> readers; ///< functions that ask whether a place is read
};

bool isEnd(const Instruction &instruction) { return instruction.op >= Opcode::Jump; }

bool isStore(Opcode op) {
  return op == Opcode::Store || op == Opcode::StorePlace || op == Opcode::AtomicExchange ||
         op == Opcode::AtomicCompareExchange || op == Opcode::PushBack || op == Opcode::PushFront ||
         op == Opcode::SetElementAt || op == Opcode::MapPut || op == Opcode::MapInsert;
}

Slicer::Slicer(const Program &original, Keep what)
    : result{std::make_unique<Program>(original), nullptr}, program(*result.program) {
  for (Function &function : program.functions)
    foldLocalObjects(function);
  fibers = FiberRules(program).takeTurns();
  result.aliases = std::make_unique<Aliases>(program);
  aliases = result.aliases.get();
  if (what == Keep::Locks)
    locks.emplace(program, *aliases);
  findThrowers();
  dropUnwinds();
  for (const Function &function : program.functions) {
    control.emplace_back(function);
    auto &blocks = kept.emplace_back();
    for (const Block &block : function.blocks)
      blocks.emplace_back(block.code.size());
    registers.emplace_back(function.registers.size());
  }
  results.resize(program.functions.size());
  active.resize(program.functions.size());
  stale.resize(program.functions.size(), true);
  findReaders();
}

bool Slicer::mayThrow(uint32_t f, const Instruction &instruction) const {
  auto throws = [&](uint32_t callee) { return throwing[callee]; };
  auto closed = [&](const Operand &channel) {
    std::optional<Node> node = aliases->ofOperand(f, channel);
    return node && aliases->isClosed(*node);
  };
  switch (instruction.op) {
  case Opcode::Throw:
  case Opcode::SetEvent:
    return true;
  case Opcode::Close:
    return !(instruction.flags & Quiet);
  case Opcode::Send:
    return !(instruction.flags & (Quiet | Anyway)) && closed(instruction.args[0]);
  case Opcode::Select:
    return !(instruction.flags & Quiet) &&
           llvm::any_of(instruction.arms, [&](const SelectArm &arm) {
             return arm.kind == SelectArm::Kind::Send && closed(arm.channel);
           });
  case Opcode::Call:
  case Opcode::CallSlot:
    return llvm::any_of(aliases->targets(f, instruction), throws);
  default:
    return false;
  }
}

/// A throw that a handler of the same function takes may be thrown on by it: that is a throw too.
void Slicer::findThrowers() {
  throwing.resize(program.functions.size());
  for (bool more = true; more;) {
    more = false;
    for (uint32_t f = 0; f != program.functions.size(); ++f)
      for (const Block &block : program.functions[f].blocks)
        for (const Instruction &instruction : block.code)
          if (!throwing[f] && !instruction.unwind && mayThrow(f, instruction))
            throwing[f] = more = true;
  }
}

void Slicer::dropUnwinds() {
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (Block &block : program.functions[f].blocks)
      for (Instruction &instruction : block.code)
        if (instruction.unwind && !mayThrow(f, instruction))
          instruction.unwind.reset();
}

void Slicer::want(uint32_t f, const Operand &operand) {
  if (operand.kind != Operand::Kind::Register || registers[f][operand.index])
    return;
  registers[f][operand.index] = stale[f] = true;
  if (operand.index < program.functions[f].parameters)
    for (uint32_t caller : callers[f])
      stale[caller] = true;
}

std::optional<Aliases::Node> Slicer::placeOf(uint32_t f, const Operand &object,
                                             uint32_t key) const {
  std::optional<Node> node = aliases->ofOperand(f, object);
  return node ? aliases->place(*node, key) : std::nullopt;
}

/// Lengths have no content that flows, so the container's own node stands for its length.
void Slicer::wantPlace(uint32_t f, const Operand &object, uint32_t key) {
  std::optional<Node> place =
      key == Aliases::Length ? aliases->ofOperand(f, object) : placeOf(f, object, key);
  if (place && places.insert(*place).second)
    for (uint32_t f : readers[*place])
      stale[f] = true;
}

bool Slicer::placeWanted(uint32_t f, const Operand &object, uint32_t key) const {
  std::optional<Node> place =
      key == Aliases::Length ? aliases->ofOperand(f, object) : placeOf(f, object, key);
  return place && places.count(*place);
}

bool Slicer::communicates(uint32_t f, uint32_t block, const Instruction &instruction) const {
  if (locks)
    return locks->keeps(f, instruction);
  switch (instruction.op) {
  case Opcode::TimerChannel:
  case Opcode::ContextDone:
  case Opcode::ContextError:
    return false;
  case Opcode::Yield:
  case Opcode::Sleep: // a loop that does nothing else may be one that never ends
    return fibers || (instruction.flags & Idle) || control[f].inLoop(block);
  case Opcode::SpreadFibers:
  case Opcode::Spawn:
  case Opcode::Throw:
  case Opcode::Stop:
  case Opcode::Unreachable:
    return true;
  case Opcode::Suspend:
  case Opcode::Escape:
  case Opcode::CallUnknown:
    return llvm::any_of(instruction.args, [&](const Operand &each) { return leads(f, each); });
  default:
    return instruction.op >= Opcode::Make && instruction.op <= Opcode::Cancel;
  }
}

bool Slicer::writesWanted(uint32_t f, const Instruction &instruction) const {
  if (isStore(instruction.op) && leads(f, instruction.args.back()))
    return true;
  auto wants = [&](uint32_t key) { return placeWanted(f, instruction.args[0], key); };
  switch (instruction.op) {
  case Opcode::Store:
    return wants(instruction.callee);
  case Opcode::StorePlace:
  case Opcode::AtomicAdd:
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
    return wants(Aliases::Pointee);
  case Opcode::SetElementAt:
    return wants(Aliases::Elements);
  case Opcode::PushBack:
  case Opcode::PushFront:
  case Opcode::PopBack:
  case Opcode::PopFront:
  case Opcode::EraseAt:
  case Opcode::Clear:
  case Opcode::MapPut:
  case Opcode::MapInsert:
  case Opcode::MapErase:
    return wants(Aliases::Elements) || wants(Aliases::Length);
  default:
    return false;
  }
}

bool Slicer::resultWanted(uint32_t f, const Instruction &instruction) const {
  return llvm::any_of(instruction.results,
                      [&](std::optional<Register> r) { return r && registers[f][*r]; });
}

bool Slicer::wanted(uint32_t f, uint32_t block, const Instruction &instruction) const {
  if (communicates(f, block, instruction) || resultWanted(f, instruction))
    return true;
  if (instruction.op == Opcode::Return)
    return !instruction.args.empty() && valueWanted(f, instruction, 0);
  // A callable that nothing leads to may be any.
  if (instruction.op == Opcode::CallSlot && aliases->targets(f, instruction).empty())
    return !locks;
  if (instruction.op == Opcode::Call || instruction.op == Opcode::CallSlot)
    return llvm::any_of(aliases->targets(f, instruction), [&](uint32_t t) { return active[t]; }) ||
           (program.functions[instruction.callee].blocks.empty() &&
            instruction.op == Opcode::Call &&
            llvm::any_of(instruction.args, [&](const Operand &each) { return leads(f, each); })) ||
           (instruction.op == Opcode::CallSlot &&
            llvm::any_of(instruction.args, [&](const Operand &each) { return leads(f, each); }));
  return writesWanted(f, instruction);
}

bool Slicer::argumentWanted(uint32_t f, const Instruction &instruction, size_t i) const {
  if (leads(f, instruction.args[i]))
    return true;
  llvm::SmallVector<uint32_t, 1> targets = aliases->targets(f, instruction);
  bool direct = instruction.op == Opcode::Call;
  if (!direct && i == 0)
    return true;
  // A function value does not take itself: both readings of the position count.
  for (uint32_t target : targets)
    for (size_t at : {i, i - 1})
      if (at < program.functions[target].parameters && (at == i || !direct) &&
          registers[target][at])
        return true;
  return false;
}

/// Of what is handed on: whether the receiving side looks at it.
bool Slicer::valueWanted(uint32_t f, const Instruction &instruction, size_t i) const {
  if (leads(f, instruction.args[i]))
    return true;
  switch (instruction.op) {
  case Opcode::Return:
    return results[f];
  case Opcode::Send:
    return i == 0 || placeWanted(f, instruction.args[0], Aliases::Messages);
  case Opcode::PushBack:
  case Opcode::PushFront:
    return i == 0 || placeWanted(f, instruction.args[0], Aliases::Elements);
  case Opcode::CallUnknown:
  case Opcode::Suspend:
  case Opcode::Escape:
    return false;
  case Opcode::Call:
  case Opcode::CallSlot:
  case Opcode::Spawn:
    return argumentWanted(f, instruction, i);
  default:
    return true;
  }
}

void Slicer::wantOperands(uint32_t f, const Instruction &instruction) {
  for (size_t i = 0; i != instruction.args.size(); ++i)
    if (valueWanted(f, instruction, i))
      want(f, instruction.args[i]);
  for (const SelectArm &arm : instruction.arms) {
    want(f, arm.channel);
    if (arm.kind == SelectArm::Kind::Send &&
        (leads(f, arm.value) || placeWanted(f, arm.channel, Aliases::Messages)))
      want(f, arm.value);
    if (arm.result && registers[f][*arm.result])
      wantPlace(f, arm.channel, Aliases::Messages);
  }
}

/// What a kept instruction reads besides its operands.
void Slicer::wantPlaces(uint32_t f, const Instruction &instruction) {
  if (instruction.op == Opcode::SetElementAt)
    wantPlace(f, instruction.args[0], Aliases::Length);
  if (!resultWanted(f, instruction))
    return;
  for (uint32_t callee : aliases->targets(f, instruction))
    if (instruction.op != Opcode::Spawn && instruction.op != Opcode::Make && !results[callee])
      results[callee] = stale[callee] = true;
  switch (instruction.op) {
  case Opcode::Load:
    return wantPlace(f, instruction.args[0], instruction.callee);
  case Opcode::LoadPlace:
  case Opcode::AtomicAdd:
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
    return wantPlace(f, instruction.args[0], Aliases::Pointee);
  case Opcode::PopBack:
  case Opcode::PopFront:
  case Opcode::ElementAt:
  case Opcode::MapFind:
  case Opcode::MapKeyAt:
  case Opcode::MapPosition:
    return wantPlace(f, instruction.args[0], Aliases::Elements);
  case Opcode::Size:
    return wantPlace(f, instruction.args[0], Aliases::Length);
  case Opcode::Receive: {
    std::optional<Register> value = instruction.result(instruction.flags & MayGiveUp ? 1 : 0);
    if (value && registers[f][*value])
      wantPlace(f, instruction.args[0], Aliases::Messages);
    return;
  }
  default:
    return;
  }
}

void Slicer::keep(const InstructionRef &ref, const Instruction &instruction) {
  uint32_t f = ref.function;
  wantOperands(f, instruction);
  wantPlaces(f, instruction);
  if (kept[f][ref.block][ref.index])
    return;
  kept[f][ref.block][ref.index] = stale[f] = true;
  activate(f);
  for (unsigned decider : control[f].deciders(ref.block).set_bits()) {
    size_t end = program.functions[f].blocks[decider].code.size() - 1;
    const Instruction &branch = program.functions[f].blocks[decider].code[end];
    if (!kept[f][decider][end])
      keep({f, decider, uint32_t(end)}, branch);
  }
}

void Slicer::activate(uint32_t f) {
  if (active[f])
    return;
  active[f] = true;
  for (uint32_t caller : callers[f])
    stale[caller] = true;
}

void addLast(llvm::SmallVectorImpl<uint32_t> &functions, uint32_t f) {
  if (functions.empty() || functions.back() != f)
    functions.push_back(f);
}

void Slicer::readsPlaces(uint32_t f, const Operand &object, uint32_t field) {
  std::optional<Node> node = aliases->ofOperand(f, object);
  if (!node)
    return;
  addLast(readers[*node], f);
  for (uint32_t key : {field, uint32_t(Aliases::Pointee), uint32_t(Aliases::Elements),
                       uint32_t(Aliases::Messages)})
    if (std::optional<Node> place = aliases->place(*node, key))
      addLast(readers[*place], f);
}

/// Who has to be looked at again when a place is found to be read, or a function to do something.
void Slicer::findReaders() {
  callers.resize(program.functions.size());
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code) {
        for (uint32_t callee : aliases->targets(f, instruction))
          addLast(callers[callee], f);
        if (!instruction.args.empty())
          readsPlaces(f, instruction.args[0], instruction.callee);
        for (const SelectArm &arm : instruction.arms)
          readsPlaces(f, arm.channel, Aliases::Messages);
      }
}

void Slicer::markIn(uint32_t f) {
  for (uint32_t b = 0; b != program.functions[f].blocks.size(); ++b) {
    if (!control[f].reachable(b))
      continue;
    const auto &code = program.functions[f].blocks[b].code;
    for (uint32_t i = uint32_t(code.size()); i-- != 0;)
      if (kept[f][b][i] || wanted(f, b, code[i]))
        keep({f, b, i}, code[i]);
  }
}

void Slicer::mark() {
  while (llvm::is_contained(stale, true))
    for (uint32_t f = 0; f != program.functions.size(); ++f)
      while (stale[f]) {
        stale[f] = false;
        markIn(f);
      }
}

void Slicer::dropOperands(uint32_t f, Instruction &instruction) const {
  for (size_t i = 0; i != instruction.args.size(); ++i)
    if (instruction.args[i].kind == Operand::Kind::Register && !valueWanted(f, instruction, i))
      instruction.args[i] = instruction.op == Opcode::Send ? Operand::unit() : Operand::opaque();
  for (SelectArm &arm : instruction.arms)
    if (arm.kind == SelectArm::Kind::Send && arm.value.kind == Operand::Kind::Register &&
        !registers[f][arm.value.index])
      arm.value = Operand::unit();
}

/// A branch that decides nothing goes to where its ways meet; if they meet nowhere, nothing is left
/// to do.
void Slicer::dropEnd(uint32_t f, uint32_t b) {
  Instruction &end = program.functions[f].blocks[b].code.back();
  if (end.op == Opcode::Return)
    end.args.clear();
  if (end.op != Opcode::Branch && end.op != Opcode::Switch)
    return;
  std::optional<uint32_t> meeting = control[f].meeting(b);
  end.op = meeting ? Opcode::Jump : Opcode::Return;
  end.args.clear();
  end.cases.clear();
  end.targets.clear();
  if (meeting)
    end.targets.push_back(*meeting);
}

void Slicer::rewriteBlock(uint32_t f, uint32_t b) {
  auto &code = program.functions[f].blocks[b].code;
  for (uint32_t i = 0; i != code.size(); ++i) {
    Instruction &instruction = code[i];
    if (kept[f][b][i]) {
      dropOperands(f, instruction);
    } else if (isEnd(instruction)) {
      dropEnd(f, b);
    } else {
      instruction = nothingAt(instruction.at);
    }
  }
}

void Slicer::rewrite() {
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (uint32_t b = 0; b != program.functions[f].blocks.size(); ++b)
      rewriteBlock(f, b);
}

Slice Slicer::run() {
  mark();
  rewrite();
  return std::move(result);
}

} // namespace

Slice slice(const Program &program, Keep what) { return Slicer(program, what).run(); }

} // namespace sluice::checker::analysis
