// The communication skeleton: the small program that a translation unit becomes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// docs/design/skeleton.md gives the meaning of each instruction and the text form.
#pragma once

#include "skeleton/Span.h"

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::skeleton {

using Register = uint32_t;
using BlockId = uint32_t;
using FunctionId = uint32_t;
using ClassId = uint32_t;
using FieldId = uint32_t; ///< index into Program::fields (interned names)

/// What an instruction reads.
struct Operand {
  enum class Kind : uint8_t {
    None,     ///< absent
    Register, ///< the value of register `index`
    Integer,  ///< the constant `value` (also false = 0, true = 1, enumerators)
    Null,     ///< a null handle, pointer, nil channel, empty optional, empty function
    Unit,     ///< a value that carries nothing
    Free,     ///< an outside input: both ways, consistently while unchanged
    Opaque,   ///< an inside value that is not tracked
    Function, ///< the function `index`, as a value
    Global,   ///< the object that holds the program's globals
    Text,     ///< the character string `index` of Program::texts
  };
  Kind kind = Kind::None;
  uint32_t index = 0;
  int64_t value = 0;

  static Operand reg(Register r) { return {Kind::Register, r, 0}; }
  static Operand integer(int64_t v) { return {Kind::Integer, 0, v}; }
  static Operand null() { return {Kind::Null, 0, 0}; }
  static Operand unit() { return {Kind::Unit, 0, 0}; }
  static Operand free() { return {Kind::Free, 0, 0}; }
  static Operand opaque() { return {Kind::Opaque, 0, 0}; }
  static Operand function(FunctionId f) { return {Kind::Function, f, 0}; }
  static Operand globals() { return {Kind::Global, 0, 0}; }
  static Operand text(uint32_t t) { return {Kind::Text, t, 0}; }
  bool operator==(const Operand &) const = default;
};

/// What `make` makes.
enum class PrimitiveKind : uint8_t {
  Channel, ///< args: capacity
  Mutex,   ///< flags: Recursive
  SharedMutex,
  Condition,
  Counter,   ///< wait group, latch: args: start value
  Semaphore, ///< args: start value
  Event,     ///< one shot: promise and future, notification
  Once,
  Timer,     ///< flags: Periodic; args: the function it starts, or nothing when it has a channel
  Context,   ///< args: parent context or null; flags: Timed
  Canceller, ///< the handle that ends a context: args: the context
};

/// One instruction. `results` are registers written, `args` operands read; the table in
/// docs/design/skeleton.md says how many of each.
enum class Opcode : uint8_t {
  // Data
  Copy,
  Not,
  Add,
  Sub,
  Mul,
  Divide,
  Remainder,
  BitAnd,
  BitOr,
  BitXor,
  ShiftLeft,
  ShiftRight,
  Append,
  Length,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  And,
  Or,
  New,
  Load,
  Store,
  AddressOf,
  LoadPlace,
  StorePlace,
  EndLocal,
  AtomicAdd,
  AtomicExchange,
  AtomicCompareExchange,
  // Containers
  NewSequence,
  PushBack,
  PushFront,
  PopBack,
  PopFront,
  ElementAt,
  SetElementAt,
  EraseAt,
  Size,
  Clear,
  NewMap,
  MapFind,
  MapKeyAt,
  MapPosition,
  MapPut,
  MapInsert,
  MapErase,
  // Calls
  Call,
  CallSlot,
  CallUnknown,
  Spawn,
  Suspend, ///< code out of sight goes on with what the operand reaches, or never does
  Escape,
  // Communication
  Make,
  Send,
  Receive,
  Close,
  Select,
  Lock,
  Unlock,
  Wait,
  Notify,
  CounterAdd,
  CounterWait,
  Acquire,
  Release,
  SetEvent,
  WaitEvent,
  Join,
  Detach,
  EndTask,
  OnceBegin,
  OnceEnd,
  Reset,
  TimerStart,
  TimerStop,
  TimerChannel,
  ContextDone,
  ContextError,
  Cancel,
  SpreadFibers,
  Yield,
  Sleep,
  // Ends of a block
  Jump,
  Branch,
  Switch,
  Return,
  Throw,
  Stop,
  Unreachable,
};

/// Bits that refine an instruction.
enum InstructionFlag : uint32_t {
  Try = 1 << 0,          ///< never waits: the first result says whether it happened
  Timed = 1 << 1,        ///< may give up at any time: the first result says whether it happened
  Shared = 1 << 2,       ///< Lock, Unlock: the shared mode
  All = 1 << 3,          ///< Notify: every waiter
  Recursive = 1 << 4,    ///< Make Mutex, Lock of what was made out of sight: the owner may (if the
                         ///< kind is not known: might) lock it again
  Periodic = 1 << 5,     ///< Make Timer: a ticker
  TimedContext = 1 << 6, ///< Make Context: has a deadline
  Thread = 1 << 7,       ///< Spawn: must be joined or detached before its handle ends
  Daemon = 1 << 8,       ///< Spawn: meant to run for ever
  Otherwise = 1 << 9,    ///< Select: has a default case; its index is the number of arms
  Virtual = 1 << 10,     ///< CallSlot: dispatch by the object's class (else by closure)
  /// Spawn: its resources are kept until it is joined or detached. Join: if the handle names a
  /// task.
  Joinable = 1 << 12,
  Style = 1 << 11,  ///< an operation no verdict is wanted for (written by the runtime's own use)
  Idle = 1 << 13,   ///< Yield: others see the task rest here, and may go on first
  Quiet = 1 << 14,  ///< Send: does not happen on a closed channel; its first result says whether it
                    ///< did. Select: the same, but the arm ran. Close: of a closed channel does
                    ///< nothing
  Anyway = 1 << 15, ///< Send: a closed channel takes it as an open one does
  Fiber = 1 << 16,  ///< Spawn: takes turns with the other tasks of the thread it is started on
  AtOnce = 1 << 17, ///< Spawn: a fiber that has its turn before its starter goes on
  /// Gives up once the context of the task that runs has ended: the first result says whether it
  /// happened; of a select it is -1 then. Spawn: the last operand is that context.
  Cancellable = 1 << 18,
};

/// What makes the first result of an operation (but for a select) say whether it happened.
inline constexpr uint32_t MayGiveUp = Try | Timed | Cancellable;

struct SelectArm {
  enum class Kind : uint8_t { Send, Receive, Timeout } kind = Kind::Receive;
  Operand channel;                ///< Null: an arm that never runs
  Operand value;                  ///< Send
  std::optional<Register> result; ///< Receive: the value, untouched when another arm runs
  std::optional<Register> ok;     ///< Receive: false once closed and drained. Send: false if closed
  Span at;
};

struct SwitchCase {
  int64_t value;
  BlockId target;
};

struct Instruction {
  Opcode op;
  uint32_t flags = 0;
  PrimitiveKind primitive = PrimitiveKind::Channel; ///< Make
  llvm::SmallVector<std::optional<Register>, 2> results;
  llvm::SmallVector<Operand, 3> args;
  uint32_t callee =
      0; ///< Call: FunctionId. New: ClassId. Load, Store, AddressOf, CallSlot: FieldId
  std::vector<SelectArm> arms;           ///< Select
  std::vector<SwitchCase> cases;         ///< Switch
  llvm::SmallVector<BlockId, 2> targets; ///< Jump: 1. Branch: true, false. Switch: default, if any
  std::optional<BlockId> unwind;         ///< where a throw goes; none: out of the function
  std::string name; ///< what the user calls the object or operation ("results", "send")
  std::string type; ///< Make: as shown to the user ("chan<result>"). CallUnknown: why
  Span at;

  /// The register of one result; nothing where the program leaves it out or drops it.
  std::optional<Register> result(size_t number = 0) const {
    return number < results.size() ? results[number] : std::nullopt;
  }
};

struct Block {
  std::vector<Instruction> code; ///< the last one ends the block
};

struct Function {
  std::string key; ///< unique and stable across runs: USR, plus file and offset where that is weak
  std::string display;     ///< as the user writes it: "search", "Pool::stop", "the task at line 10"
  uint32_t parameters = 0; ///< registers 0 .. parameters-1 hold them (a method's `this` first)
  std::vector<std::string> registers; ///< one entry a register: its name, or empty
  std::vector<Block> blocks;          ///< block 0 is the entry; empty: declared only
  bool internal = false;              ///< cannot be called from outside the translation unit
  bool entry = false;                 ///< `main`, a test body: where a program starts
  bool hidden = false;                ///< a private method: only its class calls it
  bool exclusive = false; ///< a constructor or destructor: nobody else has its first parameter
  bool daemon = false;    ///< meant to run for ever
  std::vector<std::string> parameterRoles; ///< per parameter: "context", "channel", "lock", "value"
                                           ///< (never null), or empty
  Span at;
};

/// What code out of sight may do with objects of a class whose own code is all in sight. Every
/// function takes the object first.
struct Interface {
  bool visible = false; ///< other units can use the class
  std::vector<FunctionId> constructors;
  std::vector<FunctionId> methods;
  FunctionId destructor = 0;
};

/// A class whose objects hold what matters; a lambda is a class with the slot "()".
struct Class {
  std::string key;
  std::string display;
  std::map<FieldId, FunctionId> slots; ///< virtual methods by name and signature, bases resolved
  bool closedWorld = false;            ///< all constructions and uses are in sight
  std::optional<Interface> interface;
  std::vector<FunctionId> methods; ///< of one with slots that there can be objects of: the public
                                   ///< ones in sight, own and inherited
  Span at;
};

/// One translation unit's skeleton.
struct Program {
  std::vector<std::string> files;
  std::vector<std::string> fields; ///< field, global and slot names
  std::vector<std::string> texts;  ///< character strings that are compared or serve as keys
  std::vector<Class> classes;
  std::vector<Function> functions;
  std::optional<FunctionId> globalInit; ///< runs before any entry
};

/// The value's place in a function, for tables keyed by instruction.
struct InstructionRef {
  FunctionId function = 0;
  BlockId block = 0;
  uint32_t index = 0;
  auto operator<=>(const InstructionRef &) const = default;
};

} // namespace sluice::checker::skeleton
