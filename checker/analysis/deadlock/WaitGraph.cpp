// Who waits for whom.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Of the tasks that are blocked together, the order of preference for the one a finding names is: a
// lock its own task holds; a lock whose owner is blocked; a receive or select that only a context's
// end can release; a send; a receive or select; an event or semaphore; a counter, join or
// condition.
#include "analysis/deadlock/WaitGraph.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;

InstructionRef placeOf(const State &state, uint32_t task) {
  const Frame &frame = state.tasks[task].top();
  return {frame.function, frame.block, frame.index};
}

Stand standOf(const State &state, uint32_t task) {
  Task::Phase phase = state.tasks[task].phase;
  return {placeOf(state, task), phase == Task::Phase::Notified || phase == Task::Phase::GaveUp};
}

bool relocks(const State &state, uint32_t task, const Instruction &at) {
  return at.op == Opcode::Wait && state.tasks[task].phase != Task::Phase::Waiting;
}

namespace {

/// Whether the task, if its wait were over, would come to count `on` itself, as far as it can go
/// alone.
bool countsAhead(const Facts &facts, const State &state, uint32_t task, Value on) {
  constexpr unsigned enoughRuns = 64, enoughSteps = 400;
  Choices choices;
  unsigned runs = 0;
  do {
    State copy = state;
    Notes scratch;
    Execution run(facts, copy, choices, scratch, nullptr);
    ++copy.tasks[task].top().index;
    copy.tasks[task].phase = Task::Phase::Ready;
    for (unsigned steps = 0; steps != enoughSteps; ++steps) {
      if (run.stopped() || copy.tasks[task].ended)
        break;
      const Instruction &at = run.instructionOf(task);
      if (at.op == Opcode::CounterAdd && run.read(task, at.args[0]) == on)
        return true;
      if (auto targets = run.opaqueTargets(task); !targets.empty())
        run.goTo(task, targets[choices.choose(unsigned(targets.size()))]);
      else if (run.execute(task) != Outcome::Done)
        break;
    }
  } while (choices.next() && ++runs != enoughRuns);
  return false;
}

class WaitGraph {
public:
  WaitGraph(const Facts &facts, const State &state, std::vector<bool> stuck,
            const std::vector<bool> &endless)
      : facts(facts), state(state), stuck(std::move(stuck)), endless(endless), scratch(state),
        look(facts, scratch, none, notes, nullptr), waitsFor(state.tasks.size()) {}
  std::vector<Cause> run();
  std::vector<bool> waitersFor(const std::vector<uint32_t> &parties);

private:
  const Instruction &at(uint32_t task) const { return look.instructionOf(task); }
  bool isExempt(uint32_t task) const;
  bool joinsWhatMoves(uint32_t task) const;
  bool waitsAsDaemon(uint32_t task) const;
  bool inLoop(uint32_t task) const;
  bool reachableFromGlobals(Value on) const;
  void findEdges(uint32_t task);
  void waitForHolders(uint32_t task, const Object &on);
  void waitForHelp(uint32_t task, uint16_t help, Value on);
  uint16_t helpFor(uint32_t task, bool sends) const;
  bool mayHelp(uint32_t helper, uint16_t help, Value on) const;
  Value contextOf(Value on) const;
  bool reachesCanceller(const std::vector<bool> &marked, Value context) const;
  std::vector<bool> reachable(uint32_t task) const;
  bool isNode(uint32_t task) const { return stuck[task] || endless[task]; }
  std::vector<std::vector<bool>> findReach();
  unsigned rank(uint32_t task) const;
  void causesFrom(uint32_t task, const std::vector<bool> &reach, std::vector<Cause> &causes);

  const Facts &facts;
  const State &state;
  std::vector<bool> stuck;
  const std::vector<bool> &endless;
  State scratch;
  Choices none;
  Notes notes;
  Execution look;
  std::vector<std::vector<uint32_t>> waitsFor;
};

bool WaitGraph::inLoop(uint32_t task) const {
  const Frame &frame = state.tasks[task].top();
  const auto &blocks = facts.program.functions[frame.function].blocks;
  std::vector<bool> seen(blocks.size());
  std::vector<uint32_t> work{frame.block};
  while (!work.empty()) {
    uint32_t block = work.back();
    work.pop_back();
    for (uint32_t next : successorsOf(blocks[block])) {
      if (next == frame.block)
        return true;
      if (!seen[next]) {
        seen[next] = true;
        work.push_back(next);
      }
    }
  }
  return false;
}

bool WaitGraph::reachableFromGlobals(Value on) const {
  std::vector<bool> marked(state.heap.size());
  llvm::SmallVector<uint32_t, 4> roots{state.globals.index()};
  markReachable(state, roots, marked);
  return on.is(Value::Kind::Object) && marked[on.index()];
}

/// What runs in a function that is meant to run for ever may wait for ever, but for a lock; and so
/// may who waits for its end.
bool WaitGraph::waitsAsDaemon(uint32_t task) const {
  const Instruction &instruction = at(task);
  bool locks = instruction.op == Opcode::Lock || instruction.op == Opcode::OnceBegin ||
               relocks(state, task, instruction);
  if (!locks && inDaemon(facts.program, state.tasks[task]))
    return true;
  if (instruction.op != Opcode::Join)
    return false;
  Value on = look.read(task, instruction.args[0]);
  return on.is(Value::Kind::Object) && !state.heap[on.index()].holders.empty() &&
         llvm::all_of(state.heap[on.index()].holders, [&](uint32_t each) {
           return each < state.tasks.size() && each != task &&
                  inDaemon(facts.program, state.tasks[each]);
         });
}

/// Whether the task waits for the end of one that moves for ever but is not judged for it, so that
/// it may end for all that is known.
bool WaitGraph::joinsWhatMoves(uint32_t task) const {
  const Instruction &instruction = at(task);
  if (!stuck[task] || instruction.op != Opcode::Join)
    return false;
  Value on = look.read(task, instruction.args[0]);
  return on.is(Value::Kind::Object) &&
         llvm::any_of(state.heap[on.index()].holders, [&](uint32_t each) {
           return each < state.tasks.size() && !isNode(each) && !isExempt(each);
         });
}

/// A daemon: said to be one, or a loop that serves what the program's globals can still send it.
bool WaitGraph::isExempt(uint32_t task) const {
  const Instruction &instruction = at(task);
  if ((state.tasks[task].flags & Task::Daemon) || (instruction.flags & Style) ||
      waitsAsDaemon(task))
    return true;
  bool receives = instruction.op == Opcode::Receive ||
                  (instruction.op == Opcode::Select &&
                   llvm::none_of(instruction.arms, [](const SelectArm &arm) {
                     return arm.kind == SelectArm::Kind::Send;
                   }));
  bool waits = receives || instruction.op == Opcode::Wait;
  if (!waits || !inLoop(task) || !state.globals.is(Value::Kind::Object))
    return false;
  return llvm::any_of(look.operatesOn(task), [&](Value on) { return reachableFromGlobals(on); });
}

std::vector<bool> WaitGraph::reachable(uint32_t task) const {
  std::vector<bool> marked(state.heap.size());
  markFrom(state, state.tasks[task], marked);
  return marked;
}

void WaitGraph::waitForHolders(uint32_t task, const Object &on) {
  for (uint32_t holder : on.holders)
    if (holder < state.tasks.size() && isNode(holder))
      waitsFor[task].push_back(holder);
}

/// Whether it is a context that a canceller in `marked` ends. What a timer's channel belongs to is
/// not: the timer and its channel name each other.
bool WaitGraph::reachesCanceller(const std::vector<bool> &marked, Value context) const {
  auto isContext = [&](Value at) {
    return at.is(Value::Kind::Object) && state.heap[at.index()].kind == ObjectKind::Context;
  };
  for (Value at = context; isContext(at); at = state.heap[at.index()].link)
    for (uint32_t i = 0; i != state.heap.size(); ++i)
      if (marked[i] && state.heap[i].kind == ObjectKind::Canceller && state.heap[i].link == at)
        return true;
  return false;
}

/// A context, or what a done channel belongs to.
Value WaitGraph::contextOf(Value on) const {
  const Object &object = state.heap[on.index()];
  return object.kind == ObjectKind::Context ? on : object.link;
}

/// Whether `helper` still holds what the task waits for, and has an operation ahead of it that
/// would release it.
bool WaitGraph::mayHelp(uint32_t helper, uint16_t help, Value on) const {
  const Task &other = state.tasks[helper];
  bool ahead = false;
  for (size_t i = 0; i != other.frames.size(); ++i) {
    const Frame &frame = other.frames[i];
    ahead |= (facts.futureFrom(frame.function, frame.block, frame.index + 1).help & help) != 0;
  }
  if (!ahead)
    return false;
  std::vector<bool> marked = reachable(helper);
  return help & Future::Cancels ? reachesCanceller(marked, contextOf(on)) : marked[on.index()];
}

void WaitGraph::waitForHelp(uint32_t task, uint16_t help, Value on) {
  if (!on.is(Value::Kind::Object))
    return;
  for (uint32_t other = 0; other != state.tasks.size(); ++other) {
    // A task that would only help itself later is a cycle of one; only the entry is said to
    // deadlock so, and a task that waits for its own end with others.
    bool allowed =
        other != task || (state.tasks[task].flags & Task::Entry) || help == Future::Counts;
    bool itself = other == task && help == Future::Counts;
    // One that goes on for ever may have it ahead to say that it is done.
    bool holdsUp = help == Future::Counts ? isNode(other) : stuck[other];
    if (holdsUp && allowed &&
        (itself ? countsAhead(facts, state, task, on) : mayHelp(other, help, on)))
      waitsFor[task].push_back(other);
  }
}

uint16_t WaitGraph::helpFor(uint32_t task, bool sends) const {
  switch (at(task).op) {
  case Opcode::CounterWait:
    return Future::Counts;
  case Opcode::Wait:
    return Future::Notifies;
  case Opcode::Acquire:
    return Future::Releases;
  case Opcode::WaitEvent:
    return Future::Sets;
  default:
    return sends ? Future::Receives | Future::Closes : Future::Sends | Future::Closes;
  }
}

void WaitGraph::findEdges(uint32_t task) {
  const Instruction &instruction = at(task);
  if (look.watchesContext(task))
    waitForHelp(task, Future::Cancels, state.tasks[task].context);
  for (const SelectArm &arm : instruction.arms) {
    if (arm.kind == SelectArm::Kind::Timeout)
      continue;
    Value on = look.read(task, arm.channel);
    bool ends = on.is(Value::Kind::Object) && state.heap[on.index()].link.is(Value::Kind::Object);
    waitForHelp(task,
                ends ? uint16_t(Future::Cancels) : helpFor(task, arm.kind == SelectArm::Kind::Send),
                on);
  }
  if (instruction.op == Opcode::Select || instruction.args.empty())
    return;
  Value on = look.read(task, instruction.args[0]);
  bool forLock = relocks(state, task, instruction);
  if (forLock)
    on = look.read(task, instruction.args[1]);
  if (!on.is(Value::Kind::Object))
    return;
  const Object &object = state.heap[on.index()];
  bool held = forLock || instruction.op == Opcode::Lock || instruction.op == Opcode::Join ||
              instruction.op == Opcode::OnceBegin;
  if (!held) {
    bool ends = object.kind == ObjectKind::Channel && object.link.is(Value::Kind::Object);
    return waitForHelp(
        task, ends ? uint16_t(Future::Cancels) : helpFor(task, instruction.op == Opcode::Send), on);
  }
  waitForHolders(task, object);
  for (uint32_t other = 0; other != state.tasks.size(); ++other)
    if (other != task && stuck[other] && state.tasks[other].phase == Task::Phase::Queued &&
        look.read(other, at(other).args[0]) == on)
      waitsFor[task].push_back(other);
}

unsigned WaitGraph::rank(uint32_t task) const {
  const Instruction &instruction = at(task);
  switch (relocks(state, task, instruction) ? Opcode::Lock : instruction.op) {
  case Opcode::Lock:
  case Opcode::OnceBegin:
    return llvm::is_contained(waitsFor[task], task) ? 0 : 1;
  case Opcode::Send:
    return 3;
  case Opcode::Receive:
  case Opcode::Select: {
    bool onlyEnds = llvm::all_of(look.operatesOn(task), [&](Value on) {
      if (!on.is(Value::Kind::Object))
        return false;
      Value owner = state.heap[on.index()].link;
      return owner.is(Value::Kind::Object) && state.heap[owner.index()].kind == ObjectKind::Context;
    });
    bool sends = llvm::any_of(
        instruction.arms, [](const SelectArm &arm) { return arm.kind == SelectArm::Kind::Send; });
    return onlyEnds ? 2 : sends ? 3 : 4;
  }
  case Opcode::Acquire:
  case Opcode::WaitEvent:
    return 5;
  default:
    return 6;
  }
}

/// A task is part of a cause if everything it waits for, directly or not, waits for it in turn.
void WaitGraph::causesFrom(uint32_t task, const std::vector<bool> &reach,
                           std::vector<Cause> &causes) {
  Cause cause;
  for (uint32_t other = 0; other != state.tasks.size(); ++other)
    if (reach[other])
      cause.parties.push_back(other);
  if (cause.parties.empty()) {
    cause.culprit = task;
    cause.defect = endless[task] ? Defect::NeverEnds : Defect::BlockedForever;
    cause.rank = rank(task);
    causes.push_back(cause);
    return;
  }
  auto better = [&](uint32_t a, uint32_t b) {
    return std::pair(rank(a), placeOf(state, a)) < std::pair(rank(b), placeOf(state, b));
  };
  cause.culprit = *std::min_element(cause.parties.begin(), cause.parties.end(), better);
  cause.rank = rank(cause.culprit);
  cause.defect = Defect::Deadlock;
  if (cause.culprit == task)
    causes.push_back(cause);
}

/// By task: those that it waits for, directly or not.
std::vector<std::vector<bool>> WaitGraph::findReach() {
  size_t count = state.tasks.size();
  for (uint32_t task = 0; task != count; ++task)
    if (stuck[task] && isExempt(task))
      stuck[task] = false;
  std::vector<std::vector<bool>> reach(count, std::vector<bool>(count));
  for (uint32_t task = 0; task != count; ++task)
    if (stuck[task]) {
      findEdges(task);
      for (uint32_t other : waitsFor[task])
        reach[task][other] = true;
    }
  for (size_t via = 0; via != count; ++via)
    for (size_t from = 0; from != count; ++from)
      for (size_t to = 0; reach[from][via] && to != count; ++to)
        reach[from][to] = reach[from][to] || reach[via][to];
  return reach;
}

std::vector<bool> WaitGraph::waitersFor(const std::vector<uint32_t> &parties) {
  std::vector<std::vector<bool>> reach = findReach();
  std::vector<bool> waits(state.tasks.size());
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    for (uint32_t party : parties)
      waits[task] = waits[task] || reach[task][party];
  return waits;
}

std::vector<Cause> WaitGraph::run() {
  size_t count = state.tasks.size();
  std::vector<std::vector<bool>> reach = findReach();
  std::vector<Cause> causes;
  for (uint32_t task = 0; task != count; ++task) {
    if (!isNode(task) || joinsWhatMoves(task))
      continue;
    bool isCause = true;
    for (uint32_t other = 0; other != count; ++other)
      isCause &= !reach[task][other] || reach[other][task];
    if (isCause)
      causesFrom(task, reach[task], causes);
  }
  return causes;
}

} // namespace

bool waitsForItself(const Facts &facts, const State &state, uint32_t task) {
  State copy = state;
  Choices none;
  Notes scratch;
  const Execution look(facts, copy, none, scratch, nullptr);
  const Instruction &at = look.instructionOf(task);
  if (at.op == Opcode::CounterWait)
    return countsAhead(facts, state, task, look.read(task, at.args[0]));
  if (at.op != Opcode::Lock && at.op != Opcode::OnceBegin && at.op != Opcode::Join)
    return state.tasks[task].flags & Task::Entry;
  Value on = look.read(task, at.args[0]);
  return on.is(Value::Kind::Object) && llvm::is_contained(state.heap[on.index()].holders, task);
}

std::vector<Cause> findCauses(const Facts &facts, const State &state,
                              const std::vector<bool> &stuck, const std::vector<bool> &endless) {
  return WaitGraph(facts, state, stuck, endless).run();
}

std::vector<bool> waitersFor(const Facts &facts, const State &state, const std::vector<bool> &stuck,
                             const std::vector<uint32_t> &parties) {
  std::vector<bool> none(state.tasks.size());
  return WaitGraph(facts, state, stuck, none).waitersFor(parties);
}

} // namespace sluice::checker::analysis
