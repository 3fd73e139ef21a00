// Executes instructions on one state.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "analysis/client/ClientProgram.h"
#include "analysis/explore/Choices.h"
#include "analysis/explore/Facts.h"
#include "analysis/explore/State.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <set>

namespace sluice::checker::analysis {

/// How far a scope goes. What lies beyond gives no verdict; but a client is taken not to go there.
struct Limits {
  size_t elements = 32;                    ///< of a sequence: as far as numbers are exact
  size_t entries = 8;                      ///< of a map: a key may be that of every entry
  size_t outsiders = 64;                   ///< objects that code out of sight made: a list of them
  size_t tasks = 64;                       ///< more would need another representation of who moved
  std::optional<Client> client;            ///< in the scope of a class
  bool equalBounds = false;                ///< all unknown bounds have one value
  std::optional<skeleton::ClassId> object; ///< what the entry's first parameter is, if known
};

/// What exploring a scope learnt besides its states.
struct Notes {
  Limits limits;
  std::set<uint32_t> made;                 ///< sites
  std::set<uint32_t> escaped;              ///< sites
  std::map<uint32_t, std::string> unknown; ///< sites that an unknown callee took, and its name
  std::set<uint32_t> suspended;            ///< sites that a suspended coroutine took out of sight
  std::set<uint32_t> lost;                 ///< sites that an operation on a lost handle may concern
  bool lostWait = false;                   ///< a task may wait for ever for what is not known
  std::optional<NoVerdict> gaveUp;         ///< why the scope gets no verdict at all
  std::string detail;
  std::map<std::string, std::set<int32_t>> assumed; ///< see Scope
  uint64_t stepsLeft = UINT64_MAX; ///< what one state may take would else have no bound

  /// Counts work; beyond the budget the scope gets no verdict.
  void spend(uint64_t steps) {
    if (steps < stepsLeft) {
      stepsLeft -= steps;
      return;
    }
    stepsLeft = 0;
    if (!gaveUp)
      detail = "too many steps";
    gaveUp = gaveUp.value_or(NoVerdict::OverBudget);
  }
};

/// One thing that happened, before steps get their task's lasting number.
struct Event {
  Step step;
  std::vector<uint32_t> sites;
};

/// Ends of an attempt to execute one instruction.
enum class Outcome : uint8_t {
  Done,
  Blocked, ///< it cannot proceed by itself in this state
};

/// One attempt at a transition. Tasks are named by their index in the state; a task that ends stays
/// in its place, marked.
class Execution {
public:
  Execution(const Facts &facts, State &state, Choices &choices, Notes &notes,
            std::vector<Event> *events)
      : facts(facts), program(facts.program), state(state), choices(choices), notes(notes),
        events(events) {}

  /// Executes the instruction at which `task` stands, or the rest of one it is in.
  Outcome execute(uint32_t task);
  /// A fiber is the one that runs from now on.
  void takeTurn(uint32_t task);
  /// An opaque branch: goes to the given target.
  void goTo(uint32_t task, uint32_t block);
  /// A value passes from a sender to a receiver, both at their instruction (or arm).
  void exchange(uint32_t sender, unsigned sendArm, uint32_t receiver, unsigned receiveArm);
  /// A pending timer starts its function.
  void fire(uint32_t timer);
  /// Lets running tasks go on until each stands before something that others could notice.
  void settle();
  /// Starts the scope's entry.
  void start(uint32_t function);

  bool stopped() const { return processEnded; }
  /// Whether an attempt that came to nothing has left everything as it was in `before`.
  bool leftAs(const State &before) const {
    return !choices.asked() && !hasDecided && !touched && misuses.empty() && !processEnded &&
           state.heap.size() == before.heap.size() && state.symbols.size() == before.symbols.size();
  }
  /// Whether it was settled what an outside value is.
  bool decided() const { return hasDecided; }
  /// The method that a client began to call, if it did.
  std::optional<uint32_t> clientCalls() const { return begunCall; }
  struct Misuse {
    uint32_t task;
    skeleton::InstructionRef at;
    uint32_t site; ///< KeptLock: the lock's making; UnjoinedTask: the thread's start; else 0
    Defect defect;
  };
  const std::vector<Misuse> &misused() const { return misuses; }
  /// Whether a task that went on did so by resting for a while, or may have waited out of sight.
  bool rested() const { return hasRested; }

  // What a task stands before; used to find transitions and to explain them.
  const skeleton::Instruction &instructionOf(uint32_t task) const;
  Value read(uint32_t task, const skeleton::Operand &operand) const;
  /// The targets of an opaque branch at which the task stands; empty: it does not stand at one.
  llvm::SmallVector<uint32_t, 4> opaqueTargets(uint32_t task) const;
  /// The unbuffered channel over which an arm (0: the instruction itself) waits for a partner, or
  /// nothing.
  std::optional<uint32_t> partnerChannel(uint32_t task, unsigned arm, bool sends) const;
  /// The objects an instruction operates on.
  llvm::SmallVector<Value, 4> operatesOn(uint32_t task) const;
  /// Whether the task stands at an operation that the end of its context ends.
  bool watchesContext(uint32_t task) const;
  /// Whether a done channel's context has ended or may end by itself.
  bool contextEnded(uint32_t context) const;
  bool contextMayEnd(uint32_t context) const;

private:
  using Instruction = skeleton::Instruction;
  using Operand = skeleton::Operand;

  // Moving on
  Task &taskAt(uint32_t task) { return state.tasks[task]; }
  Object &object(Value value) { return state.heap[value.index()]; }
  Outcome dispatch(uint32_t task, const Instruction &instruction);
  Outcome act(uint32_t task, const Instruction &instruction);
  void advance(uint32_t task);
  Outcome done(uint32_t task);
  Outcome doneWith(uint32_t task, const Instruction &instruction,
                   std::initializer_list<Value> results);
  void write(uint32_t task, const std::optional<skeleton::Register> &to, Value value);
  void jump(uint32_t task, uint32_t block);
  Outcome endProcess();
  Outcome beyond(const char *limit);
  bool inClient(uint32_t task) const;
  void endTask(uint32_t task);
  bool atEnd() const { return processEnded; }

  // Values (Values.cpp)
  Value evaluate(uint32_t task, const Operand &operand);
  Value freshFree();
  void substitute(uint32_t symbol, Value value);
  Value shifted(Value value, int32_t by);
  int32_t saturated(int64_t value);
  Value arithmetic(uint32_t task, const Instruction &instruction);
  Value computedValue(const Instruction &instruction, Value a, Value b);
  Value lengthOf(Value text);
  Value appended(const Instruction &instruction, uint32_t task);
  Value compare(uint32_t task, const Instruction &instruction);
  bool decideNull(uint32_t task, const Operand &shown, Value symbol);
  bool decideText(uint32_t task, const Operand &shown, Value symbol, Value text);
  bool decideEqual(uint32_t task, const Operand &shown, Value symbol, int32_t number);
  bool decideLess(uint32_t task, const Operand &shown, Value symbol, int32_t number);
  Value concrete(uint32_t task, const Operand &shown, Value value,
                 std::optional<int32_t> near = std::nullopt);
  Value equalValues(uint32_t task, const Instruction &instruction, Value a, Value b);
  std::optional<bool> truth(uint32_t task, const Operand &operand);
  Value materialize(Value value, ObjectKind kind);
  std::string outside(uint32_t task, const Operand &shown);
  void assume(uint32_t task, const Operand &shown, const std::string &what);
  void escape(Value value);
  void escapeTo(Value value, const std::string &why);

  // Objects and containers (Objects.cpp)
  Outcome executeData(uint32_t task, const Instruction &instruction);
  Value fresh(ObjectKind kind, uint32_t site);
  uint32_t siteHere(uint32_t task) const;
  Value *fieldOf(Value base, uint32_t field, bool create);
  Value *placeOf(Value place, bool create);
  Outcome load(uint32_t task, const Instruction &instruction, Value base, bool isPlace);
  Outcome store(uint32_t task, const Instruction &instruction, Value base, bool isPlace,
                Value value);
  Outcome atomic(uint32_t task, const Instruction &instruction);
  Value sizeOfOutside(Value on);
  Value elementOfOutside(Value on, Value index);
  Value ofOutsideSequence(skeleton::Opcode op, Value on, Value index);
  Outcome executeSequence(uint32_t task, const Instruction &instruction);
  Outcome executeMap(uint32_t task, const Instruction &instruction);
  Outcome mapKey(uint32_t task, Object &map, Value key, std::optional<size_t> &found);
  std::optional<size_t> position(uint32_t task, const Operand &operand, size_t size);

  // Calls (Calls.cpp)
  Outcome executeCall(uint32_t task, const Instruction &instruction);
  void beginClientCall(uint32_t task, const Instruction &instruction,
                       llvm::ArrayRef<Value> arguments);
  Outcome enter(uint32_t task, uint32_t function, llvm::ArrayRef<Value> arguments);
  Outcome suspend(uint32_t task, const skeleton::Instruction &instruction);
  Outcome unknownCall(uint32_t task, const Instruction &instruction, llvm::StringRef why);
  Outcome leave(uint32_t task, std::optional<Value> result);
  Outcome raise(uint32_t task);
  Outcome spawn(uint32_t task, const Instruction &instruction);
  Outcome spawnUnknown(uint32_t task, const Instruction &instruction);
  uint32_t newTask(Value callable, llvm::ArrayRef<Value> arguments, uint32_t site);
  bool catches(uint32_t task) const;

  // Primitives (Primitives.cpp, Locks.cpp, Channels.cpp)
  Outcome executePrimitive(uint32_t task, const Instruction &instruction);
  Outcome operateOnNull(uint32_t task, const Instruction &instruction);
  Outcome make(uint32_t task, const Instruction &instruction);
  Outcome makeChannel(uint32_t task, const Instruction &instruction, Value made);
  Outcome counter(uint32_t task, const Instruction &instruction, Value on);
  Outcome semaphore(uint32_t task, const Instruction &instruction, Value on);
  Outcome reset(uint32_t task, const skeleton::Instruction &instruction, Value on);
  Outcome event(uint32_t task, const Instruction &instruction, Value on);
  Outcome once(uint32_t task, const Instruction &instruction, Value on);
  Outcome join(uint32_t task, const Instruction &instruction, Value on);
  Outcome timer(uint32_t task, const Instruction &instruction, Value on);
  Outcome context(uint32_t task, const Instruction &instruction, Value on);
  Value outsideLock(Value value, bool recursive);
  Outcome outside(uint32_t task, const Instruction &instruction);
  Outcome happened(uint32_t task, const Instruction &instruction);
  Outcome notNow(uint32_t task, const Instruction &instruction);
  Outcome gaveUp(uint32_t task, const Instruction &instruction);
  bool isCancelled(uint32_t task);
  bool givesUp(const Instruction &instruction);
  void misuse(uint32_t task, Value on);
  Outcome endHandle(uint32_t task, Value on);

  // Handles that the skeleton lost (LostHandles.cpp)
  bool operatesOnLost(uint32_t task) const;
  void operateOnLost(uint32_t task);
  void mayBe(uint32_t task, uint32_t object, skeleton::Opcode op);
  void doubtAhead(uint32_t task);
  bool callsLost(uint32_t task) const;
  void callLost(const Instruction &instruction, const std::string &why);
  Value doneChannel(Value context);
  void endContext(uint32_t context, int32_t how);
  uint32_t endsFirst(uint32_t context) const;

  Outcome lock(uint32_t task, const Instruction &instruction, Value on);
  Outcome unlock(uint32_t task, Value on);
  bool mayLock(uint32_t task, Value on, bool shared) const;
  void takeLock(uint32_t task, Value on, bool shared);
  void dropLock(uint32_t task, Value on);
  void endHolding(uint32_t task);
  Outcome wait(uint32_t task, const Instruction &instruction);
  Outcome notify(uint32_t task, const Instruction &instruction, Value on);

  Outcome send(uint32_t task, const Instruction &instruction);
  Outcome receive(uint32_t task, const Instruction &instruction);
  Outcome close(uint32_t task, const Instruction &instruction, Value on);
  Outcome select(uint32_t task, const Instruction &instruction);
  void runArm(uint32_t task, const Instruction &instruction, unsigned arm);
  bool sendReady(Value channel, uint16_t flags = 0) const;
  bool receiveReady(Value channel) const;
  bool mayBePending(Value channel) const;
  /// Takes from a ready channel: the value and whether there was one.
  std::pair<Value, Value> take(Value channel);
  bool isOutside(Value value) const;

  // What stays unnoticed (Settle.cpp)
  void runLocally(uint32_t task);
  bool isLocal(uint32_t task);
  bool mayMeet(uint32_t task) const;
  bool sharesNothing(uint32_t task, const Instruction &instruction);
  bool aloneWith(uint32_t task, Value on);
  bool aloneWithOwners(uint32_t task, Value on);
  bool othersMay(uint32_t task, unsigned field, bool write) const;
  bool onlyTask() const;

  // The witness
  Event *note(Step::Kind kind, uint32_t task, std::initializer_list<Value> on = {});

  const Facts &facts;
  const skeleton::Program &program;
  State &state;
  Choices &choices;
  Notes &notes;
  std::vector<Event> *events;
  std::vector<Misuse> misuses;
  std::vector<bool> reachedByOthers;
  uint32_t reachedFor = EndedTask;
  bool processEnded = false;
  bool hasDecided = false;
  bool hasRested = false;
  bool substituted = false; ///< a free value became something, for all who have it
  bool touched = false;     ///< something changed that may do so before an attempt comes to nothing
  std::optional<uint32_t> begunCall;
  bool leftRange = false; ///< a number is no longer exact, which a client does not let happen
  unsigned backEdges = 0;
};

} // namespace sluice::checker::analysis
