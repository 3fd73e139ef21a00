// Which tasks go on for ever after the rest of the program is done or stuck.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/leak/Endless.h"

#include <algorithm>

namespace sluice::checker::analysis {
namespace {

class EndlessFinder {
public:
  EndlessFinder(const Facts &facts, const Progress &progress, uint32_t id, const State &state)
      : facts(facts), progress(progress), id(id), state(state) {}

  std::optional<uint32_t> find() const;
  /// Whether a stuck task would have stopped it: then nothing is wrong with going on until then.
  bool isAwaited(uint32_t task) const;

private:
  std::vector<bool> reachable(uint32_t task) const;
  bool readsOutsideGlobals(uint32_t task) const;
  bool touchesOutside(uint32_t task) const;
  bool isAhead(uint32_t task, uint16_t help) const;
  bool wouldStop(uint32_t helper, uint32_t task) const;

  const Facts &facts;
  const Progress &progress;
  const uint32_t id;
  const State &state;
};

std::vector<bool> EndlessFinder::reachable(uint32_t task) const {
  std::vector<bool> marked(state.heap.size());
  markFrom(state, state.tasks[task], marked);
  return marked;
}

/// Whether the task may still read a global that code out of sight may change, or that holds what
/// such code may use.
bool EndlessFinder::readsOutsideGlobals(uint32_t task) const {
  if (!state.globals.is(Value::Kind::Object))
    return false;
  const Object &globals = state.heap[state.globals.index()];
  llvm::BitVector ahead(facts.elements() + 1);
  for (const Frame &frame : state.tasks[task].frames)
    ahead |= facts.futureFrom(frame.function, frame.block, frame.index).reads;
  std::vector<bool> marked(state.heap.size());
  llvm::SmallVector<uint32_t, 4> roots;
  for (uint32_t i = 0; i != globals.keys.size(); ++i)
    if (ahead.test(globals.keys[i]) && globals.values[i].refers())
      roots.push_back(globals.values[i].index());
  markReachable(state, roots, marked);
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    if (marked[i] && state.heap[i].escaped())
      return true;
  return globals.escaped() && ahead.anyCommon(facts.globalFields());
}

/// What code out of sight may change can end a loop.
bool EndlessFinder::touchesOutside(uint32_t task) const {
  std::vector<bool> marked = reachable(task);
  bool free = readsOutsideGlobals(task);
  // What was added to is a number, which leads nowhere.
  eachValue(state.tasks[task],
            [&](Value value) { free |= value.is(Value::Kind::Free) && value.extra() == 0; });
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    free |= marked[i] && state.heap[i].escaped();
  return free;
}

/// Of several that keep each other going, one.
std::optional<uint32_t> EndlessFinder::find() const {
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if ((state.tasks[task].flags & Task::Entry) && !progress.stuck(id, task))
      return std::nullopt;
  for (uint32_t task = 0; task != state.tasks.size(); ++task) {
    bool moves = !progress.stuck(id, task) &&
                 !(state.tasks[task].flags & (Task::Daemon | Task::Entry)) &&
                 !inDaemon(facts.program, state.tasks[task]);
    if (moves && !touchesOutside(task))
      return task;
  }
  return std::nullopt;
}

/// Whether the task has such an operation ahead of it.
bool EndlessFinder::isAhead(uint32_t task, uint16_t help) const {
  return llvm::any_of(state.tasks[task].frames, [&](const Frame &frame) {
    return (facts.futureFrom(frame.function, frame.block, frame.index + 1).help & help) != 0;
  });
}

/// Whether it has yet to close or cancel what the task knows, and waits for something else.
bool EndlessFinder::wouldStop(uint32_t helper, uint32_t task) const {
  std::vector<bool> held = reachable(helper), known = reachable(task);
  State copy = state;
  Choices none;
  Notes scratch;
  Execution look(facts, copy, none, scratch, nullptr);
  for (Value on : look.operatesOn(helper))
    if (on.is(Value::Kind::Object) && known[on.index()])
      return false;
  bool closes = isAhead(helper, Future::Closes), cancels = isAhead(helper, Future::Cancels);
  for (uint32_t i = 0; i != state.heap.size(); ++i) {
    const Object &object = state.heap[i];
    bool stops = (closes && object.kind == ObjectKind::Channel && known[i]) ||
                 (cancels && object.kind == ObjectKind::Canceller && known[object.link.index()]);
    if (held[i] && stops)
      return true;
  }
  return false;
}

bool EndlessFinder::isAwaited(uint32_t task) const {
  for (uint32_t other = 0; other != state.tasks.size(); ++other)
    if (progress.stuck(id, other) && wouldStop(other, task))
      return true;
  return false;
}

} // namespace

std::vector<bool> endlessIn(const Facts &facts, const Progress &progress,
                            const std::vector<uint32_t> &component, const Graph &graph) {
  const State &first = graph.stateAt(component[0]);
  std::vector<bool> endless(first.tasks.size());
  if (!progress.moves(component))
    return endless;
  std::optional<uint32_t> task = EndlessFinder(facts, progress, component[0], first).find();
  if (!task)
    return endless;
  // What it holds for the moment is not told from what it keeps, but in some state it holds least.
  uint32_t quiet =
      *std::min_element(component.begin(), component.end(), [&](uint32_t a, uint32_t b) {
        return graph.stateAt(a).heap.size() < graph.stateAt(b).heap.size();
      });
  EndlessFinder resting(facts, progress, quiet, graph.stateAt(quiet));
  std::optional<uint32_t> same = resting.find();
  endless[*task] = !same || !resting.isAwaited(*same);
  return endless;
}

} // namespace sluice::checker::analysis
