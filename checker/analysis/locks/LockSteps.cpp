// Runs one function over abstract locks: what takes, releases and waits for them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/FunctionRun.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
constexpr size_t MostAcquisitions = 64;
} // namespace

/// Nobody else can have the locks of an object that is being made or ended.
bool FunctionRun::alone(Paths::Id path) const {
  return function.exclusive && paths.depthOf(path) && paths.rootOf(path) == 0;
}

void FunctionRun::add(Acquisition acquisition) {
  if (acquisition.wanted.lock == Paths::None || alone(acquisition.wanted.lock))
    return;
  if (summary.acquisitions.size() != MostAcquisitions && acquired.insert(keyOf(acquisition)).second)
    summary.acquisitions.push_back(std::move(acquisition));
}

void FunctionRun::take(LockState &state, HeldLock lock, bool waits) {
  if (waits)
    add({lock, state.held, state.released, state.compared, false});
  if (lock.lock == Paths::None || alone(lock.lock))
    return;
  std::erase_if(state.held,
                [&](const HeldLock &held) { return held.doubted && held.lock == lock.lock; });
  state.held.push_back(std::move(lock));
}

/// Whatever is held may have been released.
void FunctionRun::doubt(LockState &state) {
  for (HeldLock &held : state.held)
    held.doubted = true;
}

/// A lock that is not known to be held may be any of them under another name.
void FunctionRun::release(LockState &state, Paths::Id lock) {
  for (size_t i = state.held.size(); i-- != 0;)
    if (state.held[i].lock == lock) {
      state.held.erase(state.held.begin() + ptrdiff_t(i));
      return;
    }
  if (lock != Paths::None && alone(lock))
    return;
  doubt(state);
  if (!llvm::is_contained(state.released, lock))
    state.released.push_back(lock);
}

/// False where the way parts.
bool FunctionRun::lockStep(Point &point, const Instruction &instruction) {
  LockState &state = point.state;
  auto pathOf = [&](size_t i) {
    LockValue on = i < instruction.args.size() ? value(state, instruction.args[i]) : LockValue();
    return on.is(LockValue::Kind::Path) ? on.index : Paths::None;
  };
  auto isLocal = [&] { return value(state, instruction.args[0]).refers(); };
  if (instruction.op == Opcode::Lock && !isLocal()) {
    bool shared = instruction.flags & Shared, tries = instruction.flags & (Try | Timed);
    HeldLock lock{pathOf(0), pathOf(0), shared, {here}};
    if (!tries) {
      take(state, lock, true);
      return true;
    }
    Point failed = point;
    set(failed.state, instruction, LockValue::integer(0));
    ++failed.index;
    work.push_back(std::move(failed));
    take(state, lock, false);
    set(state, instruction, LockValue::integer(1));
    return true;
  }
  if (instruction.op == Opcode::Unlock && !isLocal()) {
    release(state, pathOf(0));
    return true;
  }
  if (instruction.op == Opcode::Lock || instruction.op == Opcode::Unlock)
    return true;
  forget(state);
  for (const Operand &operand : instruction.args)
    leak(state, value(state, operand));
  for (const SelectArm &arm : instruction.arms) {
    leak(state, value(state, arm.value));
    for (std::optional<Register> r : {arm.result, arm.ok})
      if (r)
        state.registers[*r] = {};
  }
  for (size_t i = 0; i != instruction.results.size(); ++i)
    set(state, instruction, {}, i);
  return true;
}

} // namespace sluice::checker::analysis
