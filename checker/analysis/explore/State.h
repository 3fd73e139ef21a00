// One state of an explored scope: its tasks, its heap, and what is assumed of its free values.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/explore/Value.h"
#include "skeleton/Program.h"

#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <vector>

namespace sluice::checker::analysis {

enum class ObjectKind : uint8_t {
  Struct,
  Sequence,
  Map,
  Channel,
  Mutex,
  SharedMutex,
  Condition,
  Counter,
  Semaphore,
  Event,
  Once,
  Timer,
  Context,
  Canceller,
  Handle,
  Thread,
};

/// A heap object. What the numbers mean by kind:
/// Struct: first = class; keys = fields, values their contents. Sequence: values. Map: key, value,
/// key, value … Channel: first = capacity, second = closed, link = the timer or context it belongs
/// to; values = buffer. Mutex, SharedMutex: holders = tasks, once per hold; second = recursive
/// (Mutex), held exclusively (SharedMutex). Counter, Semaphore: first = count. Event: first = set.
/// Once: first = 0 new, 1 running, 2 done; holders = runner. Timer: first = pending, second =
/// periodic, link = its channel; values = the function it starts. Context: first = 0, 1 cancelled,
/// 2 past its deadline; second = timed; link = parent; values = its done channel. Canceller: first
/// = called, link = context. Handle: first = ended; holders = the task. Thread: one of fibers;
/// holders = the fiber that has the turn, then those that have not begun, in their order.
struct Object {
  enum Flag : uint8_t {
    Escaped = 1,  ///< code out of sight may know it
    External = 2, ///< made by code out of sight
    Lost = 4,     ///< an operation whose primitive is not known may have been on it
  };
  ObjectKind kind = ObjectKind::Struct;
  uint8_t flags = 0;
  uint32_t site = 0; ///< index of the making instruction, see Facts; 0: none
  int32_t first = 0;
  int32_t second = 0;
  Value link;
  llvm::SmallVector<Value, 4> values;
  llvm::SmallVector<uint32_t, 4> keys;
  llvm::SmallVector<uint32_t, 2> holders;

  bool escaped() const { return flags & (Escaped | External); }
  /// Whether it is a timer that will start a task.
  bool startsTask() const { return kind == ObjectKind::Timer && first && !values.empty(); }
};

/// A holder that ended while holding.
inline constexpr uint32_t EndedTask = 0xffff;
/// `origin` of a task that the transition started.
inline constexpr uint32_t NewTask = 0xfffe;

struct Frame {
  uint32_t function = 0;
  uint32_t block = 0;
  uint32_t index = 0;
  llvm::SmallVector<Value, 8> registers;
};

struct Task {
  enum class Phase : uint8_t {
    Ready,
    Waiting,  ///< in a condition, not yet notified
    Notified, ///< about to take the condition's lock again
    GaveUp,   ///< the same after a timed wait ran out
    Queued,   ///< writer that waits for a shared mutex and keeps new readers out
  };
  enum Flag : uint8_t {
    Entry = 1,
    Daemon = 2,
    Paused = 4,
    Fiber = 8,   ///< shares `thread`
    Parked = 16, ///< a fiber that came to its operation and had to wait there
    Looped = 32, ///< a fiber that has gone round a loop since it had the turn
    Midway = 64, ///< amid steps that no other task notices, where ways may meet again
  };
  Phase phase = Phase::Ready;
  uint8_t flags = 0;
  uint32_t site = 0;             ///< the spawn that started it, see Facts; 0: the entry
  Value context = Value::null(); ///< what ends its cancellable operations
  Value thread;                  ///< of a fiber
  llvm::SmallVector<Frame, 2> frames;

  // Not part of the state: kept along one transition.
  uint32_t origin = NewTask;
  bool running = false;
  bool moved = false;
  bool ended = false;

  const Frame &top() const { return frames.back(); }
  Frame &top() { return frames.back(); }
};

/// What is known of a free value.
struct Symbol {
  int32_t low = INT32_MIN;
  int32_t high = INT32_MAX;
  llvm::SmallVector<int32_t, 2> excluded; ///< numbers; from FirstTextCode on, strings by number
  bool present = false;                   ///< not null, though it may be the number zero
};

/// Above all numbers that are exact.
inline constexpr int32_t FirstTextCode = 1 << 29;

struct State {
  std::vector<Task> tasks;
  std::vector<Object> heap;
  std::vector<Symbol> symbols;
  Value globals; ///< the object of the program's globals, if any
  Value bound;   ///< where unknown bounds are to be equal: unit, then what the first one is
};

/// Calls `visit` for every value that a task holds: its context, its thread, and those of its
/// frames.
template <typename TaskType, typename Visit> void eachValue(TaskType &task, Visit visit) {
  visit(task.context);
  visit(task.thread);
  for (auto &frame : task.frames)
    for (auto &value : frame.registers)
      visit(value);
}

/// Calls `visit` for every value that an object holds.
template <typename ObjectType, typename Visit>
void eachValue(ObjectType &object, int, Visit visit) {
  visit(object.link);
  for (auto &value : object.values)
    visit(value);
}

/// Marks what can be reached from `roots` (and is not marked yet).
void markReachable(const State &state, llvm::SmallVectorImpl<uint32_t> &roots,
                   std::vector<bool> &marked);

/// What a task reaches.
void markFrom(const State &state, const Task &task, std::vector<bool> &marked);

/// Whether a function that the task is in is meant to run for ever.
bool inDaemon(const skeleton::Program &program, const Task &task);

} // namespace sluice::checker::analysis
