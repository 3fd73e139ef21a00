// Runs one method of a class that may be a home-made queue, on every small state of such a queue.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The method is a skeleton. The machine knows the queue's lock, conditions, container and closed
// flag, and nothing else. Whoever takes the lock, or wakes from a wait, may meet any state: so each
// run ends with what the method did to the state it met last, and a method is understood if that is
// the same for all runs.
#pragma once

#include "frontend/Place.h"

#include "llvm/ADT/ArrayRef.h"

#include <array>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace sluice::checker::frontend {

/// What the fields of the class are for.
struct QueueFields {
  enum class Use : uint8_t { Lock, Condition, Items, Flag, FlagCell, Number };
  struct Field {
    Use use = Use::Number;
    unsigned index = 0; ///< which condition
  };
  std::map<FieldId, Field> known; ///< all others read as unknown and may be written
};

/// A value in the machine.
struct QueueValue {
  enum class Kind : uint8_t {
    Unknown,
    Integer, ///< `number`
    Null,
    Parameter, ///< what parameter `index` gave, `number` added
    Element,   ///< the first element, or a part of it
    This,
    Lock,
    Condition, ///< number `index`
    Items,
    Flag,  ///< the closed flag as an atomic object
    Fresh, ///< object `index` made by the method
    Code,  ///< function `index`
    Spot,  ///< the place of field `index` of what `inner` says
  };
  Kind kind = Kind::Unknown;
  uint32_t index = 0;
  int64_t number = 0;
  Kind inner = Kind::Unknown;
  uint32_t innerIndex = 0;
  auto operator<=>(const QueueValue &) const = default;
};

inline QueueValue number(int64_t n) { return {QueueValue::Kind::Integer, 0, n}; }
inline QueueValue truth(bool b) { return number(b ? 1 : 0); }
/// Whether a value says nothing of the queue itself.
bool harmless(const QueueValue &v);
/// Whether a value is true, if that is known.
std::optional<bool> isTrue(const QueueValue &v);

/// How full the queue is, and whether it is closed.
struct QueueState {
  int64_t size = 0;
  bool closed = false;
  auto operator<=>(const QueueState &) const = default;
};

/// One run of a method, from the state it met last.
struct QueueRun {
  enum class Change : uint8_t { None, Put, Take, Close };
  enum class Wakes : uint8_t { Nobody, One, All };
  std::optional<QueueState> met; ///< none: it never took the lock
  Change change = Change::None;
  std::array<Wakes, 2> wakes{Wakes::Nobody, Wakes::Nobody}; ///< per condition
  std::optional<QueueValue> put;                            ///< what it put
  std::optional<QueueValue> result;                         ///< what it returned
  std::optional<uint32_t> into;                             ///< the parameter that got the element
  bool threw = false;
  bool gaveUp = false;   ///< a timed wait ended without a notify
  bool unlocked = false; ///< it looked at the queue without the lock
  auto operator<=>(const QueueRun &) const = default;
};

/// A wait of a method.
struct QueueWait {
  unsigned condition = 0;
  QueueState state;
  bool timed = false;
  auto operator<=>(const QueueWait &) const = default;
};

/// All that a method does; nothing if it does more than a queue's method may.
struct QueueBehaviour {
  std::vector<QueueRun> runs;
  std::set<QueueWait> waits;
};

/// What a constructor leaves behind, per field.
using QueueStart = std::map<FieldId, QueueValue>;

/// Runs methods of one class.
class QueueMachine {
public:
  QueueMachine(const skeleton::Program &program, QueueFields fields, FieldId cellField,
               FieldId callSlot)
      : program(program), fields(std::move(fields)), cellField(cellField), callSlot(callSlot) {}

  /// What a constructor leaves behind; nothing if it does not always leave the same.
  std::optional<QueueStart> construct(FunctionId constructor);
  /// What a method does in a queue whose numbers are `numbers`, met in any of `states`, where the
  /// flag of an open queue is `openFlag`.
  std::optional<QueueBehaviour> run(FunctionId method, const QueueStart &numbers,
                                    std::vector<QueueState> states, int64_t openFlag);

private:
  using Value = QueueValue;
  struct Frame {
    FunctionId function = 0;
    BlockId block = 0;
    uint32_t next = 0;
    std::vector<Value> registers;
    auto operator<=>(const Frame &) const = default;
  };
  struct Object {
    ClassId type = 0;
    std::map<FieldId, Value> fields;
    std::vector<Value> items;
    auto operator<=>(const Object &) const = default;
  };
  struct Machine {
    std::vector<Frame> stack;
    std::vector<Object> heap;
    QueueStart self;
    QueueState now;
    bool held = false;
    bool movedFrom = false; ///< the first element has been moved out of
    QueueRun run;
    auto operator<=>(const Machine &) const = default;
  };
  void explore(Machine start);
  void step(Machine m);
  bool execute(Machine &m, const Instruction &i);
  bool data(Machine &m, const Instruction &i);
  bool memory(Machine &m, const Instruction &i);
  bool items(Machine &m, const Instruction &i);
  bool freshItems(Machine &m, const Instruction &i, Object &o);
  bool calls(Machine &m, const Instruction &i);
  bool locks(Machine &m, const Instruction &i);
  bool ends(Machine &m, const Instruction &i);
  bool branches(Machine &m, const Instruction &i);
  void enter(Machine &m, FunctionId f, llvm::ArrayRef<Value> args);
  bool leave(Machine &m, std::optional<Value> result, bool threw);
  void meetAny(Machine m, std::optional<Register> woken);
  Value load(Machine &m, Value object, FieldId field);
  bool store(Machine &m, Value object, FieldId field, Value v);
  Value evaluate(const Machine &m, const Operand &o) const;
  void write(Machine &m, const Instruction &i, Value v, size_t result = 0);
  bool look(Machine &m);
  bool touch(Machine &m);

  const skeleton::Program &program;
  QueueFields fields;
  FieldId cellField, callSlot;
  bool constructing = false;
  std::vector<QueueState> states;
  int64_t openFlag = 0;
  std::vector<Machine> pending;
  std::set<Machine> seen; ///< at branches, so that loops of waits end
  std::vector<QueueStart> starts;
  QueueBehaviour behaviour;
  bool understood = true;
};

} // namespace sluice::checker::frontend
