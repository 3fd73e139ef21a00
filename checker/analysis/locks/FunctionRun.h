// Runs one function over abstract locks, on all its ways.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/locks/Summaries.h"

#include <set>

namespace sluice::checker::analysis {

/// One attempt to sum up a function. Ways beyond a budget are left out: they add nothing.
class FunctionRun {
public:
  FunctionRun(LockSummaries &all, const LockContext &context);
  LockSummary run();

private:
  using Instruction = skeleton::Instruction;
  using Operand = skeleton::Operand;
  struct Point {
    uint32_t block, index;
    LockState state;
  };

  // Ways
  LockState first() const;
  void enter(uint32_t block, LockState state);
  void follow(Point point);
  bool step(Point &point);
  void finish(const Instruction &instruction, Point &point);
  void leave(LockState state, LockValue result, bool thrown);
  void decide(const Instruction &instruction, Point &point);
  void raise(const Instruction &instruction, LockState state);

  // Values
  LockValue value(const LockState &state, const Operand &operand);
  void set(LockState &state, const Instruction &instruction, LockValue result, size_t number = 0);
  LockValue loaded(const LockState &state, LockValue base, uint32_t field);
  void stored(LockState &state, LockValue base, uint32_t field, LockValue what);
  void leak(LockState &state, LockValue what);
  void data(LockState &state, const Instruction &instruction);
  void compare(LockState &state, const Instruction &instruction);
  void places(LockState &state, const Instruction &instruction);
  void containers(LockState &state, const Instruction &instruction);
  void forget(LockState &state) const;

  // Locks
  bool lockStep(Point &point, const Instruction &instruction);
  void take(LockState &state, HeldLock lock, bool waits);
  void release(LockState &state, Paths::Id lock);
  static void doubt(LockState &state);
  void add(Acquisition acquisition);
  bool alone(Paths::Id path) const;

  // Calls
  bool call(Point &point, const Instruction &instruction);
  std::vector<uint32_t> targets(const LockState &state, const Instruction &instruction,
                                LockValue callable);
  struct Binding {
    LockContext context;
    std::vector<Paths::Id> symbols; ///< by symbol of the callee: the path here
    std::vector<uint32_t> objects;  ///< by object of the callee: the object here
  };
  Binding bind(const LockState &state, const Instruction &instruction, uint32_t target,
               llvm::ArrayRef<LockValue> arguments);
  bool isKept(const Instruction &instruction, LockValue callable) const;
  bool takesItself(const Instruction &instruction, uint32_t target) const;
  LockState withSingleLocks(LockState state) const;
  bool isHarmless(const LockState &state, const Instruction &instruction,
                  llvm::ArrayRef<uint32_t> callees);
  LockValue handed(const LockState &state, Binding &binding, LockValue value, size_t parameter);
  void spawn(LockState &state, const Instruction &instruction);
  void apply(const Point &point, const Instruction &instruction, const Binding &binding,
             const LockSummary &summary, const std::set<LockKey> &common);
  /// How what a callee acquires comes about: while it runs; as what it was called for, since it
  /// comes back with the lock; or in a task of its own.
  enum class Manner : uint8_t { Called, Taken, Started };
  void acquire(const LockState &state, const Binding &binding, const Acquisition &each,
               const skeleton::InstructionRef &at, Manner manner);
  LockState after(LockState state, const Binding &binding, const LockExit &exit,
                  const skeleton::InstructionRef &at, LockValue &result);
  void unknown(LockState &state, const Instruction &instruction);
  HeldLock translated(const HeldLock &lock, const Binding &binding,
                      const skeleton::InstructionRef &at);
  LockValue translated(LockValue value, const Binding &binding, llvm::ArrayRef<uint32_t> objects);

  LockSummaries &all;
  const LockContext &context;
  const skeleton::Function &function;
  Paths &paths;
  LockSummary summary;
  std::set<LockKey> acquired, left;
  std::vector<std::set<LockKey>> seen; ///< by block
  std::vector<Point> work;
  skeleton::InstructionRef here;
  unsigned stepsLeft;
};

} // namespace sluice::checker::analysis
