// What an analysis found out about one program: verdicts with witnesses, and what was not judged.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "skeleton/Program.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sluice::checker::analysis {

/// What is wrong. Checks give it a name and words; analyses never do.
enum class Defect : uint8_t {
  BlockedForever, ///< a task in a reachable state from which no state moves it on
  Deadlock,       ///< as BlockedForever, and the waiting is a cycle among `parties`
  NeverEnds,      ///< a task that moves for ever and has no way out
  UncalledCancel, ///< a context's canceller is lost without having been called on some path
  KeptLock,       ///< a task ends while it holds a lock; the place is where it took it
  UnjoinedTask,   ///< a thread's handle ends while it still names the thread
  OutlivedLocal,  ///< a task may still run when a local that it refers to has ended
  UntrackedTask,  ///< tasks are started that nothing waits for or bounds
  OneResult,      ///< a function starts a task only to return the channel of its one result
  Misuse, ///< an operation on a closed or null channel, a negative counter, an unlock of a free
          ///< lock …
};

/// Definite: whatever the schedule and the free inputs, the task ends up there.
enum class Certainty : uint8_t { Definite, Possible };

/// A primitive as the user knows it: where it was made and what it is called.
struct PrimitiveRef {
  skeleton::InstructionRef makeSite{~0u, ~0u, ~0u}; ///< none: it is made out of sight
  skeleton::PrimitiveKind kind = skeleton::PrimitiveKind::Channel;
  std::string name;      ///< may be empty
  std::string type;      ///< as shown to the user
  int64_t capacity = -1; ///< channels: -1 when unknown
  skeleton::Span madeAt;
};

/// One step of the witness. Steps stand in the order they happened.
struct Step {
  enum class Kind : uint8_t {
    Make,
    Start,
    Send,
    Receive,
    ReceiveClosed,
    Close,
    SelectArm,
    SelectOtherwise,
    Lock,
    Unlock,
    Wait,
    Notify,
    Count,
    Acquire,
    Release,
    Set,
    Join,
    TimerFires,
    Cancel,
    Branch,
    Construct, ///< a client makes an object of the class `detail`
    Call,      ///< a client calls the method `detail`
    Destroy,   ///< a client destroys its object of the class `detail`
    Return,
    End,
    Blocked,   ///< the last step of a task that waits for ever
    Lost,      ///< nothing holds the object any more
    HandleEnd, ///< the handle of a thread ends
    LocalEnd,  ///< the scope of the local `detail` ends
  };
  Kind kind;
  uint32_t task = 0;                 ///< 0 is the scope's entry; others in order of their start
  uint32_t arm = 0;                  ///< SelectArm: which
  std::vector<PrimitiveRef> on;      ///< the primitives involved, may be empty
  skeleton::FunctionId function = 0; ///< where it happened
  skeleton::Span at;
  std::string detail; ///< Branch: what was assumed. LocalEnd: the local's name. Else empty
  uint32_t times = 1; ///< how often the run does the same, where only the first and last are told
};

/// A task of the witness.
struct TaskRef {
  std::string display;      ///< "search", "the task at line 10"
  skeleton::Span startedAt; ///< invalid for the entry
  bool blocked = false;
  skeleton::Opcode operation = skeleton::Opcode::Yield; ///< the one it is blocked in, if so
  uint32_t flags = 0;                                   ///< of that instruction
  skeleton::Span blockedAt;
  std::vector<PrimitiveRef> on;    ///< what it waits for (all arms of a select)
  std::vector<PrimitiveRef> holds; ///< locks
  bool follows = false; ///< blocked only because it waits for the tasks the verdict is about
};

struct Verdict {
  Defect defect;
  Certainty certainty = Certainty::Possible;
  skeleton::InstructionRef site;      ///< the blocked (or misused, or lost) operation
  skeleton::Span at;                  ///< the outermost user place of it
  std::vector<TaskRef> tasks;         ///< tasks[i] is task i of the steps
  uint32_t culprit = 0;               ///< index of the task the verdict is about
  std::vector<uint32_t> parties;      ///< Deadlock: the tasks of the cycle
  std::vector<PrimitiveRef> contexts; ///< NeverEnds: those that the task still knows
  PrimitiveRef lock;                  ///< KeptLock: which
  std::string subject;                ///< OutlivedLocal: the local. OneResult: the function
  bool ownLock = false;               ///< the culprit waits for a lock that it holds itself
  std::vector<Step> witness;
  std::vector<std::string> restsOn; ///< free inputs and bounds assumed ("with 2 items, buffer 1")
  skeleton::FunctionId scope = 0;   ///< the entry that was explored
  bool ofClass = false;    ///< shown by a client made for a class; `scope` is its destructor
  bool unexplored = false; ///< seen in the code, or in the orders of two entries' locks
};

/// Why a primitive got no verdict. The names are what the summary line prints.
enum class NoVerdict : uint8_t {
  Escapes,
  UnknownCallee,
  Suspended, ///< a coroutine holds it while it waits, and nobody in sight resumes that
  UntrackedCondition,
  UnequalBounds, ///< a finding holds only if two unknown counts or sizes differ
  LostHandle,    ///< an operation on a handle that was not followed may be on it
  OverBudget,
  Recursion,
  NotReached,
  Unsupported
};

/// What was explored from one entry.
struct Scope {
  skeleton::FunctionId entry = 0;
  uint64_t states = 0;
  bool whole = true; ///< false: it was given up, or a budget ended it
  /// Outside values that something depends on, by name, and as which counts they were taken; none:
  /// every comparison of it was taken both ways.
  std::map<std::string, std::set<int32_t>> assumed;
};

/// What was judged, by making site.
struct Coverage {
  enum class State : uint8_t { Verified, Reported, None };
  struct Entry {
    PrimitiveRef primitive;
    State state = State::None;
    NoVerdict why = NoVerdict::NotReached; ///< when None
    std::string detail;                    ///< e.g. the unknown callee's name
    std::vector<uint32_t> scopes;          ///< those that make it, as indices of `scopes`
  };
  std::vector<Entry> primitives; ///< ordered by place
  std::vector<Scope> scopes;     ///< in the order they were explored
  uint64_t states = 0;           ///< explored in all
};

struct Result {
  std::vector<Verdict> verdicts; ///< ordered by place, then defect
  Coverage coverage;
};

struct Options {
  uint64_t statesPerScope = 20000; ///< beyond it a scope is "over budget"
  uint64_t statesPerClass = 5000;  ///< the same for a class that is a scope of its own
  uint64_t statesPerLocks = 2000;  ///< the same where only a lock taken twice can show
  /// For all scopes together: operations of tasks, and the copies of states that each takes. What
  /// is left when it is used up is "over budget". On the machines that it was measured on it is
  /// some 20 ms.
  uint64_t stepsPerUnit = 300'000;
  uint64_t stepsPerProbe = 40'000; ///< of single runs of a scope that is over budget
  unsigned probesPerUnit = 8;      ///< scopes of which runs are tried
  bool ordersOfEntries = true;     ///< pair the lock orders of entries that may run at once
  /// Of a program that was joined from units which have been judged: the functions from which more
  /// is in sight than before. Only scopes that they open are judged, and the orders of locks.
  const std::set<skeleton::FunctionId> *widened = nullptr;
};

/// Judges every scope of `program`. Deterministic: equal programs give equal results.
Result analyze(const skeleton::Program &program, const Options &options);

} // namespace sluice::checker::analysis
