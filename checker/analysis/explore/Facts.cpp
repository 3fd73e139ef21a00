// What is known of a program before it is explored.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Facts.h"

#include <algorithm>
#include <set>

namespace sluice::checker::analysis {
using namespace skeleton;

llvm::SmallVector<uint32_t, 4> successorsOf(const Block &block) {
  llvm::SmallVector<uint32_t, 4> list;
  for (const Instruction &instruction : block.code)
    if (instruction.unwind)
      list.push_back(*instruction.unwind);
  const Instruction &last = block.code.back();
  list.append(last.targets.begin(), last.targets.end());
  for (const SwitchCase &each : last.cases)
    list.push_back(each.target);
  return list;
}

bool Future::merge(const Future &other) {
  bool same = (other.help & ~help) == 0 && !other.reads.test(reads) && !other.writes.test(writes);
  help |= other.help;
  reads |= other.reads;
  writes |= other.writes;
  return !same;
}

Facts::Facts(const Program &program) : program(program), texts(program.texts), fibers(program) {
  numberSites();
  findLimit();
  findClosures();
  live.resize(program.functions.size());
  computeFutures();
  findCancellable();
}

void Facts::numberSites() {
  sites.emplace_back();
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (uint32_t b = 0; b != program.functions[f].blocks.size(); ++b)
      for (uint32_t i = 0; i != program.functions[f].blocks[b].code.size(); ++i) {
        Opcode op = program.functions[f].blocks[b].code[i].op;
        if (op != Opcode::Make && op != Opcode::New && op != Opcode::Spawn)
          continue;
        siteIndex[{f, b, i}] = uint32_t(sites.size());
        sites.push_back({f, b, i});
      }
}

uint32_t Facts::siteOf(const InstructionRef &ref) const {
  auto found = siteIndex.find(ref);
  return found == siteIndex.end() ? 0 : found->second;
}

/// Constants up to 32 are exact. Larger ones keep only their order and who is whose successor.
void Facts::findLimit() {
  int64_t small = 0;
  std::set<int64_t> big;
  auto see = [&](int64_t value) {
    value = std::abs(value);
    if (value > 32)
      big.insert(value);
    else
      small = std::max(small, value);
  };
  for (const Function &function : program.functions)
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code) {
        for (const Operand &operand : instruction.args)
          if (operand.kind == Operand::Kind::Integer)
            see(operand.value);
        for (const SwitchCase &each : instruction.cases)
          see(each.value);
      }
  large.assign(big.begin(), big.end());
  saturation = int32_t(small + 3 * int64_t(std::min<size_t>(large.size(), 32)) + 8);
}

int32_t Facts::scaled(int64_t constant) const {
  if (std::abs(constant) <= 32)
    return int32_t(constant);
  int32_t place = saturation - 8 - 3 * int32_t(std::min<size_t>(large.size(), 32));
  int64_t previous = 0;
  for (int64_t each : large) {
    place += each == previous + 1 ? 1 : 3;
    previous = each;
    if (each == std::abs(constant))
      break;
  }
  place = std::min(place, saturation);
  return constant < 0 ? -place : place;
}

void Facts::findClosures() {
  addressed.resize(elements() + 1);
  closureOf.resize(program.functions.size());
  for (uint32_t f = 0; f != program.functions.size(); ++f) {
    const Function &function = program.functions[f];
    std::vector<int64_t> &known = closureOf[f];
    known.assign(function.registers.size(), -2);
    for (uint32_t r = 0; r != function.parameters; ++r)
      known[r] = -1;
    for (const Block &block : function.blocks)
      for (const Instruction &instruction : block.code) {
        for (std::optional<Register> r : instruction.results)
          if (r)
            known[*r] =
                instruction.op == Opcode::New && known[*r] == -2 ? int64_t(instruction.callee) : -1;
        for (const SelectArm &arm : instruction.arms)
          for (std::optional<Register> r : {arm.result, arm.ok})
            if (r)
              known[*r] = -1;
        if (instruction.op == Opcode::AddressOf && instruction.args.size() == 1)
          addressed.set(instruction.callee);
      }
  }
}

std::vector<uint32_t> Facts::callees(uint32_t function, const Instruction &instruction) const {
  if (instruction.op == Opcode::Call)
    return {instruction.callee};
  bool starts = instruction.op == Opcode::Spawn ||
                (instruction.op == Opcode::Make && instruction.primitive == PrimitiveKind::Timer);
  if ((!starts && instruction.op != Opcode::CallSlot) || instruction.args.empty())
    return {};
  const Operand &operand = instruction.args[0];
  if (operand.kind == Operand::Kind::Function)
    return {operand.index};
  int64_t known = operand.kind == Operand::Kind::Register ? closureOf[function][operand.index] : -1;
  std::vector<uint32_t> list;
  for (size_t c = 0; c != program.classes.size(); ++c)
    for (const auto &[slot, target] : program.classes[c].slots)
      if ((starts ? program.fields[slot] == "()" : slot == instruction.callee) &&
          (known < 0 || known == int64_t(c)))
        list.push_back(target);
  return list;
}

Facts::Liveness &Facts::liveness(uint32_t f) const {
  if (live[f])
    return *live[f];
  const Function &function = program.functions[f];
  live[f] = std::make_unique<Liveness>();
  Liveness &made = *live[f];
  for (const Block &block : function.blocks) {
    made.before.emplace_back(block.code.size() + 1,
                             llvm::BitVector(unsigned(function.registers.size())));
    made.held.emplace_back(block.code.size());
    made.heldUnderWay.emplace_back(block.code.size());
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t b = uint32_t(function.blocks.size()); b-- != 0;)
      changed |= liveInBlock(f, b, made);
  }
  return made;
}

const std::vector<Register> &Facts::held(const InstructionRef &at, bool underWay) const {
  Liveness &known = liveness(at.function);
  // A frame under the initializer of globals stands before its first instruction, not in a call.
  Opcode op = this->at(at).op;
  underWay &= op == Opcode::Call || op == Opcode::CallSlot;
  Registers &list = (underWay ? known.heldUnderWay : known.held)[at.block][at.index];
  if (!list) {
    llvm::BitVector registers = underWay ? liveAcross(at) : known.before[at.block][at.index];
    list.emplace(registers.set_bits_begin(), registers.set_bits_end());
  }
  return *list;
}

bool Facts::liveInBlock(uint32_t f, uint32_t b, Liveness &live) const {
  const Block &block = program.functions[f].blocks[b];
  auto &rows = live.before[b];
  llvm::BitVector before = rows[0];
  llvm::BitVector now(unsigned(program.functions[f].registers.size()));
  const Instruction &last = block.code.back();
  for (BlockId target : last.targets)
    now |= live.before[target][0];
  for (const SwitchCase &each : last.cases)
    now |= live.before[each.target][0];
  rows[block.code.size()] = now;
  auto read = [&](const Operand &operand) {
    if (operand.kind == Operand::Kind::Register)
      now.set(operand.index);
  };
  for (size_t i = block.code.size(); i-- != 0;) {
    const Instruction &instruction = block.code[i];
    for (std::optional<Register> r : instruction.results)
      if (r)
        now.reset(*r);
    if (instruction.unwind)
      now |= live.before[*instruction.unwind][0];
    for (const Operand &operand : instruction.args)
      read(operand);
    for (const SelectArm &arm : instruction.arms)
      for (std::optional<Register> r : {arm.result, arm.ok})
        if (r)
          now.reset(*r);
    for (const SelectArm &arm : instruction.arms) {
      read(arm.channel);
      read(arm.value);
    }
    rows[i] = now;
  }
  return rows[0] != before;
}

llvm::BitVector Facts::liveAcross(const InstructionRef &at) const {
  const auto &before = liveness(at.function).before;
  llvm::BitVector across = before[at.block][at.index + 1];
  const Instruction &call = this->at(at);
  for (std::optional<Register> r : call.results)
    if (r)
      across.reset(*r);
  if (call.unwind)
    across |= before[*call.unwind][0];
  return across;
}

Future Facts::emptyFuture() const {
  Future future;
  future.reads.resize(elements() + 1);
  future.writes.resize(elements() + 1);
  return future;
}

void Facts::touch(const Instruction &instruction, Future &future) const {
  switch (instruction.op) {
  case Opcode::Load:
    future.reads.set(instruction.callee);
    return;
  case Opcode::Store:
    future.writes.set(instruction.callee);
    return;
  case Opcode::AtomicAdd:
  case Opcode::AtomicExchange:
  case Opcode::AtomicCompareExchange:
  case Opcode::StorePlace:
    future.writes |= addressed;
    future.writes.set(elements());
    [[fallthrough]];
  case Opcode::LoadPlace:
    future.reads |= addressed;
    future.reads.set(elements());
    return;
  default:
    if (instruction.op >= Opcode::NewSequence && instruction.op <= Opcode::MapErase) {
      future.reads.set(elements());
      bool onlyReads = instruction.op == Opcode::ElementAt || instruction.op == Opcode::Size ||
                       instruction.op == Opcode::MapFind || instruction.op == Opcode::MapKeyAt ||
                       instruction.op == Opcode::MapPosition;
      if (!onlyReads)
        future.writes.set(elements());
    }
  }
}

namespace {
uint16_t helpOf(const Instruction &instruction) {
  switch (instruction.op) {
  case Opcode::Send:
    return Future::Sends;
  case Opcode::Receive:
    return Future::Receives;
  case Opcode::Close:
    return Future::Closes;
  case Opcode::CounterAdd:
    return Future::Counts;
  case Opcode::Notify:
    return Future::Notifies;
  case Opcode::Release:
    return Future::Releases;
  case Opcode::Reset:
    return Future::Releases | Future::Receives | Future::EndsOnce;
  case Opcode::SetEvent:
    return Future::Sets;
  case Opcode::Unlock:
    return Future::Unlocks;
  case Opcode::Cancel:
    return Future::Cancels;
  case Opcode::TimerStart:
    return Future::StartsTimer;
  case Opcode::OnceEnd:
    return Future::EndsOnce;
  case Opcode::CallUnknown:
    return instruction.args.empty() ? 0 : Future::Unknown;
  default:
    break;
  }
  uint16_t help = 0;
  for (const SelectArm &arm : instruction.arms)
    help |= arm.kind == SelectArm::Kind::Send ? Future::Sends : Future::Receives;
  return help;
}
} // namespace

Future Facts::own(uint32_t function, const Instruction &instruction) const {
  Future future = emptyFuture();
  future.help = helpOf(instruction);
  touch(instruction, future);
  for (uint32_t callee : callees(function, instruction))
    future.merge(ofFunction[callee]);
  return future;
}

namespace {
bool isUnknown(const Function &function, const Operand &operand) {
  if (operand.kind != Operand::Kind::Register)
    return true;
  for (const Block &block : function.blocks)
    for (const Instruction &instruction : block.code)
      if (instruction.op == Opcode::Copy && instruction.result() == operand.index &&
          instruction.args[0].kind == Operand::Kind::Opaque)
        return true;
  return false;
}
} // namespace

/// A thread that `main` starts may be meant to last as long as the process. One that detaches
/// itself does so through a handle that is not known; then of no thread is said that it must be
/// joined.
bool Facts::mustBeJoined(uint32_t site) const {
  const Instruction &start = at(sites[site]);
  return site && start.op == Opcode::Spawn && (start.flags & Joinable) && !detachesUnknown &&
         !program.functions[sites[site].function].entry;
}

void Facts::computeFutures() {
  ofFunction.assign(program.functions.size(), emptyFuture());
  ofGlobals.resize(elements() + 1);
  std::vector<std::set<uint32_t>> calls(program.functions.size());
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code) {
        ofFunction[f].help |= helpOf(instruction);
        detachesUnknown |= instruction.op == Opcode::Detach &&
                           isUnknown(program.functions[f], instruction.args[0]);
        touch(instruction, ofFunction[f]);
        if (instruction.op == Opcode::Load && instruction.args[0].kind == Operand::Kind::Global)
          ofGlobals.set(instruction.callee);
        for (uint32_t callee : callees(f, instruction))
          calls[f].insert(callee);
      }
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t f = 0; f != program.functions.size(); ++f)
      for (uint32_t callee : calls[f])
        changed |= ofFunction[f].merge(ofFunction[callee]);
  }
  ofBlockEnd.resize(program.functions.size());
}

void Facts::findCancellable() {
  cancellable.resize(program.functions.size());
  std::vector<uint32_t> work;
  auto follow = [&](uint32_t f, auto follows) {
    for (const Block &block : program.functions[f].blocks)
      for (const Instruction &instruction : block.code)
        if (follows(instruction))
          for (uint32_t callee : callees(f, instruction))
            if (!cancellable[callee]) {
              cancellable[callee] = true;
              work.push_back(callee);
            }
  };
  for (uint32_t f = 0; f != program.functions.size(); ++f)
    follow(f, [](const Instruction &i) { return i.op == Opcode::Spawn && i.flags & Cancellable; });
  while (!work.empty()) {
    uint32_t f = work.back();
    work.pop_back();
    follow(f,
           [](const Instruction &i) { return i.op == Opcode::Call || i.op == Opcode::CallSlot; });
  }
}

const std::vector<Future> &Facts::blockEnds(uint32_t f) const {
  const auto &blocks = program.functions[f].blocks;
  std::vector<Future> &ends = ofBlockEnd[f];
  if (!ends.empty())
    return ends;
  std::vector<Future> whole(blocks.size(), emptyFuture());
  for (size_t b = 0; b != blocks.size(); ++b)
    for (const Instruction &instruction : blocks[b].code)
      whole[b].merge(own(f, instruction));
  ends.assign(blocks.size(), emptyFuture());
  for (bool changed = true; changed;) {
    changed = false;
    for (size_t b = blocks.size(); b-- != 0;)
      for (uint32_t next : successorsOf(blocks[b])) {
        changed |= ends[b].merge(whole[next]);
        changed |= ends[b].merge(ends[next]);
      }
  }
  return ends;
}

const Future &Facts::futureFrom(uint32_t function, uint32_t block, uint32_t index) const {
  auto [entry, isNew] = futures.try_emplace(
      uint64_t(function) << 40 | uint64_t(block) << 16 | index, blockEnds(function)[block]);
  Future &future = entry->second;
  if (!isNew)
    return future;
  const auto &code = program.functions[function].blocks[block].code;
  for (size_t i = index; i < code.size(); ++i)
    future.merge(own(function, code[i]));
  return future;
}

bool Facts::onlyRethrows(uint32_t function, uint32_t block) const {
  const auto &blocks = program.functions[function].blocks;
  std::set<uint32_t> seen{block};
  std::vector<uint32_t> work{block};
  while (!work.empty()) {
    const Block &each = blocks[work.back()];
    work.pop_back();
    if (each.code.back().op == Opcode::Return)
      return false;
    for (uint32_t next : successorsOf(each))
      if (seen.insert(next).second)
        work.push_back(next);
  }
  return true;
}

} // namespace sluice::checker::analysis
