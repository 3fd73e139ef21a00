// Runs one function over abstract locks: what calls and started tasks do to them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/FunctionRun.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
/// More possible targets of a call are as good as none.
constexpr size_t MostTargets = 4;

LockKey lockOf(const Acquisition &each) { return {each.wanted.lock, uint64_t(each.ownTask)}; }
} // namespace

std::vector<uint32_t> FunctionRun::targets(const LockState &state, const Instruction &instruction,
                                           LockValue callable) {
  if (instruction.op == Opcode::Call)
    return {instruction.callee};
  if (callable.is(LockValue::Kind::Function))
    return {callable.index};
  std::vector<uint32_t> list;
  if (callable.is(LockValue::Kind::Object) && !state.objects[callable.index].sequence) {
    bool starts = instruction.op == Opcode::Spawn;
    for (const auto &[slot, target] :
         all.program.classes[state.objects[callable.index].klass].slots)
      if (starts ? all.program.fields[slot] == "()" : slot == instruction.callee)
        list.push_back(target);
    return list;
  }
  llvm::SmallVector<uint32_t, 1> known = all.aliases.targets(context.function, instruction);
  list.assign(known.begin(), known.end());
  bool isMethod = instruction.op == Opcode::CallSlot && (instruction.flags & Virtual);
  // The one override in sight stands for those out of sight as well.
  if (list.empty() && isMethod)
    list = all.facts.callees(context.function, instruction);
  else if (list.size() != 1 && !isMethod)
    if (std::vector<uint32_t> kept = all.flow.targets(context.function, instruction); !kept.empty())
      list = std::move(kept);
  bool several = list.size() > (known.empty() && isMethod ? 1 : MostTargets);
  return several ? std::vector<uint32_t>() : list;
}

/// Whether a callable is one that code in sight has kept somewhere.
bool FunctionRun::isKept(const Instruction &instruction, LockValue callable) const {
  return instruction.op == Opcode::CallSlot && !(instruction.flags & Virtual) &&
         (callable.is(LockValue::Kind::Path) || callable.is(LockValue::Kind::Unknown)) &&
         !all.flow.targets(context.function, instruction).empty();
}

/// A function as a value is not handed itself; a closure, and what a method is called on, are.
bool FunctionRun::takesItself(const Instruction &instruction, uint32_t target) const {
  return instruction.op == Opcode::Call || (instruction.flags & Virtual) ||
         all.inSlots.test(target);
}

/// Whether a call matters neither by what it does to locks, nor by its result, nor by what it may
/// write in an object of this function.
bool FunctionRun::isHarmless(const LockState &state, const Instruction &instruction,
                             llvm::ArrayRef<uint32_t> callees) {
  std::optional<Register> result = instruction.result();
  if (result && all.facts.liveBefore(here.function, here.block, here.index + 1).test(*result))
    return false;
  bool handsOwn = llvm::any_of(
      instruction.args, [&](const Operand &operand) { return value(state, operand).refers(); });
  return !callees.empty() && llvm::none_of(callees, [&](uint32_t callee) {
    return all.orders.touches(callee) || all.program.functions[callee].blocks.empty() ||
           (handsOwn && all.facts.futureFrom(callee, 0, 0).writes.any());
  });
}

LockValue FunctionRun::handed(const LockState &state, Binding &binding, LockValue value,
                              size_t parameter) {
  constexpr size_t inside = ~size_t(0);
  if (value.is(LockValue::Kind::Path) && parameter == inside) {
    binding.symbols.push_back(value.index);
    return LockValue::path(paths.symbol(uint32_t(binding.symbols.size() - 1)));
  }
  if (value.is(LockValue::Kind::Path)) {
    binding.symbols[parameter] = value.index;
    return {};
  }
  if (!value.refers())
    return value;
  auto known = llvm::find(binding.objects, value.index);
  uint32_t number = uint32_t(known - binding.objects.begin());
  if (known == binding.objects.end()) {
    binding.objects.push_back(value.index);
    binding.context.objects.push_back(state.objects[value.index]);
    LocalObject copy = state.objects[value.index];
    for (auto &[field, held] : copy.fields)
      held = handed(state, binding, held, inside);
    for (LockValue &held : copy.elements)
      held = handed(state, binding, held, inside);
    binding.context.objects[number] = std::move(copy);
  }
  value.index = number;
  return value;
}

FunctionRun::Binding FunctionRun::bind(const LockState &state, const Instruction &instruction,
                                       uint32_t target, llvm::ArrayRef<LockValue> arguments) {
  Binding binding;
  bool kept = isKept(instruction, arguments.empty() ? LockValue() : arguments[0]);
  if (!takesItself(instruction, target))
    arguments = arguments.drop_front();
  binding.context.function = target;
  size_t count = all.program.functions[target].parameters;
  binding.symbols.assign(count, Paths::None);
  for (size_t i = 0; i != count; ++i)
    binding.context.arguments.push_back(
        i < arguments.size() ? handed(state, binding, arguments[i], i) : LockValue());
  // Who calls what is kept hands it what is kept with it.
  for (size_t i = 0; kept && i != count; ++i)
    if (binding.symbols[i] == Paths::None &&
        binding.context.arguments[i].is(LockValue::Kind::Unknown))
      binding.symbols[i] = paths.symbol(Paths::Somewhere);
  return binding;
}

/// A function that comes back with the lock held is a way to take it: it stands where that is
/// called, and by the name of what it is called on.
HeldLock FunctionRun::translated(const HeldLock &lock, const Binding &binding,
                                 const InstructionRef &at) {
  HeldLock here = lock;
  here.lock = paths.substitute(lock.lock, binding.symbols);
  here.named = paths.substitute(lock.named, binding.symbols);
  here.chain.insert(here.chain.begin(), at);
  return here;
}

LockValue FunctionRun::translated(LockValue value, const Binding &binding,
                                  llvm::ArrayRef<uint32_t> objects) {
  if (value.is(LockValue::Kind::Path))
    return LockValue::path(paths.substitute(value.index, binding.symbols));
  if (value.refers())
    value.index = objects[value.index];
  return value;
}

namespace {
/// The same acquisition as a step of the caller.
HeldLock asWrapper(const HeldLock &lock, const HeldLock &inside, Paths &paths,
                   llvm::ArrayRef<Paths::Id> symbols, const InstructionRef &at) {
  HeldLock wrapped = lock;
  if (inside.named == Paths::None)
    return wrapped;
  uint32_t root = paths.rootOf(inside.named);
  if (root != Paths::Globals)
    wrapped.named = root < symbols.size() ? symbols[root] : Paths::None;
  wrapped.chain = {at};
  return wrapped;
}

/// Whether a way out of a function still holds what it acquired.
bool comesBackWith(const LockSummary &summary, const HeldLock &wanted) {
  return llvm::any_of(summary.exits, [&](const LockExit &exit) {
    return llvm::any_of(exit.state.held, [&](const HeldLock &held) {
      return !held.doubted && held.lock == wanted.lock && held.chain == wanted.chain;
    });
  });
}
} // namespace

void FunctionRun::acquire(const LockState &state, const Binding &binding, const Acquisition &each,
                          const InstructionRef &at, Manner manner) {
  LockState before = state;
  bool ownTask = manner == Manner::Started || each.ownTask;
  if (ownTask)
    before.held.clear();
  else
    for (Paths::Id path : each.released)
      release(before, paths.substitute(path, binding.symbols));
  Acquisition seen{translated(each.wanted, binding, at), before.held, before.released,
                   before.compared, ownTask};
  for (const HeldLock &held : each.held)
    if (HeldLock mine = translated(held, binding, at);
        mine.lock != Paths::None && !alone(mine.lock))
      seen.held.push_back(std::move(mine));
  for (auto [a, b] : each.compared)
    seen.compared.emplace_back(paths.substitute(a, binding.symbols),
                               paths.substitute(b, binding.symbols));
  if (manner == Manner::Taken)
    seen.wanted = asWrapper(seen.wanted, each.wanted, paths, binding.symbols, at);
  add(std::move(seen));
}

LockState FunctionRun::after(LockState state, const Binding &binding, const LockExit &exit,
                             const InstructionRef &at, LockValue &result) {
  std::vector<uint32_t> objects = binding.objects;
  for (size_t i = objects.size(); i < exit.state.objects.size(); ++i) {
    objects.push_back(uint32_t(state.objects.size()));
    state.objects.emplace_back();
  }
  for (size_t i = 0; i != exit.state.objects.size(); ++i) {
    LocalObject object = exit.state.objects[i];
    for (auto &[field, held] : object.fields)
      held = translated(held, binding, objects);
    for (LockValue &held : object.elements)
      held = translated(held, binding, objects);
    state.objects[objects[i]] = std::move(object);
  }
  for (Paths::Id path : exit.state.released)
    release(state, paths.substitute(path, binding.symbols));
  for (const HeldLock &held : exit.state.held)
    take(state, asWrapper(translated(held, binding, at), held, paths, binding.symbols, at), false);
  for (auto [a, b] : exit.state.compared)
    state.compared.emplace_back(paths.substitute(a, binding.symbols),
                                paths.substitute(b, binding.symbols));
  result = translated(exit.result, binding, objects);
  return state;
}

/// Code that is not followed may do anything with what it is handed, and compare it.
void FunctionRun::unknown(LockState &state, const Instruction &instruction) {
  std::vector<Paths::Id> given;
  for (const Operand &operand : instruction.args) {
    LockValue each = value(state, operand);
    leak(state, each);
    if (each.is(LockValue::Kind::Path)) {
      std::erase_if(state.held, [&](const HeldLock &held) { return held.lock == each.index; });
      given.push_back(each.index);
    }
  }
  for (size_t i = 1; i < given.size(); ++i)
    state.compared.emplace_back(std::min(given[i - 1], given[i]), std::max(given[i - 1], given[i]));
  forget(state);
  set(state, instruction, {});
}

/// A lock that there is one of is held whichever of the callbacks that are kept is called.
LockState FunctionRun::withSingleLocks(LockState state) const {
  std::erase_if(state.held, [&](const HeldLock &held) {
    return held.lock == Paths::None || paths.rootOf(held.lock) != Paths::Globals;
  });
  return state;
}

void FunctionRun::apply(const Point &point, const Instruction &instruction, const Binding &binding,
                        const LockSummary &summary, const std::set<LockKey> &common) {
  LockValue callable =
      instruction.args.empty() ? LockValue() : value(point.state, instruction.args[0]);
  bool registered = isKept(instruction, callable);
  for (const Acquisition &each : summary.acquisitions) {
    Acquisition seen = each;
    seen.wanted.lock = paths.substitute(each.wanted.lock, binding.symbols);
    bool taken = !each.ownTask && each.held.empty() && comesBackWith(summary, each.wanted);
    Manner manner = taken ? Manner::Taken : Manner::Called;
    if (common.count(lockOf(seen)))
      acquire(point.state, binding, each, here, manner);
    else if (registered)
      acquire(withSingleLocks(point.state), binding, each, here, manner);
  }
  for (const LockExit &exit : summary.exits) {
    LockValue result;
    LockState state = after(point.state, binding, exit, here, result);
    forget(state);
    if (exit.thrown) {
      raise(instruction, std::move(state));
      continue;
    }
    set(state, instruction, result);
    work.push_back({point.block, point.index + 1, std::move(state)});
  }
}

void FunctionRun::spawn(LockState &state, const Instruction &instruction) {
  std::vector<LockValue> arguments;
  for (const Operand &operand : instruction.args)
    arguments.push_back(value(state, operand));
  std::vector<uint32_t> list = targets(state, instruction, arguments[0]);
  if (list.size() == 1) {
    Binding binding = bind(state, instruction, list[0], arguments);
    const LockSummary started = all.of(binding.context);
    for (const Acquisition &each : started.acquisitions)
      acquire(state, binding, each, here, Manner::Started);
  }
  for (const Operand &operand : instruction.args)
    leak(state, value(state, operand));
  set(state, instruction, {});
}

/// False where the ways out of what is called are followed.
bool FunctionRun::call(Point &point, const Instruction &instruction) {
  if (instruction.op == Opcode::Spawn)
    spawn(point.state, instruction);
  if (instruction.op == Opcode::CallUnknown || instruction.op == Opcode::Suspend ||
      instruction.op == Opcode::Escape)
    unknown(point.state, instruction);
  if (instruction.op != Opcode::Call && instruction.op != Opcode::CallSlot)
    return true;
  std::vector<LockValue> arguments;
  for (const Operand &operand : instruction.args)
    arguments.push_back(value(point.state, operand));
  LockValue callable = arguments.empty() ? LockValue() : arguments[0];
  std::vector<uint32_t> callees = targets(point.state, instruction, callable);
  if (isHarmless(point.state, instruction, callees)) {
    forget(point.state);
    set(point.state, instruction, {});
    return true;
  }
  std::vector<std::pair<Binding, LockSummary>> possible;
  bool inSight = true;
  for (uint32_t target : callees) {
    inSight &= !all.program.functions[target].blocks.empty();
    Binding binding = bind(point.state, instruction, target, arguments);
    LockSummary does = all.of(binding.context);
    possible.emplace_back(std::move(binding), std::move(does));
  }
  bool known = !possible.empty() &&
               llvm::all_of(possible, [](const auto &each) { return each.second.known; });
  if (!known) {
    unknown(point.state, instruction);
    if (inSight && !possible.empty()) // over budget
      doubt(point.state);
    return true;
  }
  // What only some of the possible targets wait for may never happen where this is called.
  std::set<LockKey> common;
  for (size_t i = 0; i != possible.size(); ++i) {
    std::set<LockKey> locks;
    for (Acquisition each : possible[i].second.acquisitions) {
      each.wanted.lock = paths.substitute(each.wanted.lock, possible[i].first.symbols);
      if (LockKey key = lockOf(each); i == 0 || common.count(key))
        locks.insert(key);
    }
    common = std::move(locks);
  }
  InstructionRef at = here;
  for (const auto &[binding, does] : possible) {
    here = at;
    apply(point, instruction, binding, does, common);
  }
  return false;
}

} // namespace sluice::checker::analysis
