// What a function's run over its locks knows at one point, and what it leaves for its callers.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/locks/Paths.h"
#include "skeleton/Program.h"

#include <map>
#include <vector>

namespace sluice::checker::analysis {

/// What a register, a field of a local object or an element holds.
struct LockValue {
  enum class Kind : uint8_t {
    Unknown,
    Integer,  ///< `index`, as a signed number; null and empty are 0
    Path,     ///< the outside object (or value) at path `index`
    Object,   ///< local object `index`
    Place,    ///< field `field` of local object `index`
    Function, ///< function `index`
  };
  Kind kind = Kind::Unknown;
  uint32_t index = 0;
  uint32_t field = 0;

  static LockValue integer(int64_t v) { return {Kind::Integer, uint32_t(int32_t(v)), 0}; }
  static LockValue path(Paths::Id id) {
    return id == Paths::None ? LockValue() : LockValue{Kind::Path, id, 0};
  }
  static LockValue object(uint32_t i) { return {Kind::Object, i, 0}; }
  bool is(Kind k) const { return kind == k; }
  bool refers() const { return is(Kind::Object) || is(Kind::Place); }
  auto operator<=>(const LockValue &) const = default;
};

/// An object that the function, or one of those it calls, made.
struct LocalObject {
  uint32_t klass = 0;
  bool sequence = false;
  bool leaked = false; ///< others may have changed it: nothing is known of its contents
  std::map<uint32_t, LockValue> fields;
  std::vector<LockValue> elements;
};

/// The calls that lead to an instruction, and the instruction.
using Chain = std::vector<skeleton::InstructionRef>;

/// A lock that is held.
struct HeldLock {
  Paths::Id lock = Paths::None;
  Paths::Id named =
      Paths::None; ///< what the user knows it by: of a wrapper around a lock, the wrapper
  bool shared = false;
  Chain chain; ///< to where it was taken
  /// It may have been released under another name since: it still may be a gate, but nothing more.
  bool doubted = false;
};

/// A lock that is waited for, and what is held meanwhile.
struct Acquisition {
  HeldLock wanted;
  std::vector<HeldLock> held;
  std::vector<Paths::Id> released; ///< locks of the caller that have been released before
  std::vector<std::pair<Paths::Id, Paths::Id>> compared; ///< objects whose order decides something
  bool ownTask = false; ///< in a task that was started: the caller's locks are not held
};

/// What is known on one way, up to a point.
struct LockState {
  std::vector<LockValue> registers;
  std::vector<LocalObject> objects; ///< first those that the caller handed in
  std::vector<HeldLock> held;
  std::vector<Paths::Id> released;
  std::vector<std::pair<Paths::Id, Paths::Id>> compared;
  std::map<Paths::Id, bool> assumed; ///< outside values a branch has looked at
};

/// A way to leave a function.
struct LockExit {
  LockState state; ///< without registers
  LockValue result;
  bool thrown = false;
};

/// What a function does to locks, in terms of what it is handed.
struct LockSummary {
  bool known = true; ///< false: it may do anything to the locks that are held
  std::vector<Acquisition> acquisitions;
  std::vector<LockExit> exits;
};

/// A function, and what it is handed as far as that matters. Paths are symbols: parameter i is
/// symbol i, paths inside of objects get the numbers after those.
struct LockContext {
  uint32_t function = 0;
  std::vector<LockValue> arguments;
  std::vector<LocalObject> objects;
};

/// Words that are equal for equal states (or contexts, or exits).
using LockKey = std::vector<uint64_t>;
void append(LockKey &key, const LockValue &value);
void append(LockKey &key, const LocalObject &object);
LockKey keyOf(const LockState &state);
LockKey keyOf(const LockContext &context);
LockKey keyOf(const Acquisition &acquisition);
LockKey keyOf(const LockSummary &summary);

/// Drops objects that nothing refers to, but the first `kept`, and numbers them by first use.
void compact(LockState &state, LockValue &extra, size_t kept);

} // namespace sluice::checker::analysis
