// Says which defects of a class show though its client does what it can to avoid them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/client/HelpfulClient.h"

#include <algorithm>
#include <set>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// The states to which `follow` leads from the marked ones.
template <typename Follow>
std::vector<bool> forwards(const Graph &graph, const Progress &progress, std::vector<bool> marked,
                           Follow follow) {
  std::vector<uint32_t> work;
  for (uint32_t state = 0; state != marked.size(); ++state)
    if (marked[state])
      work.push_back(state);
  while (!work.empty()) {
    uint32_t state = work.back();
    work.pop_back();
    for (uint32_t e : progress.edgesFrom(state))
      if (uint32_t to = graph.edges[e].to; !marked[to] && follow(e)) {
        marked[to] = true;
        work.push_back(to);
      }
  }
  return marked;
}

/// The states from which `follow` leads to the marked ones.
template <typename Follow>
std::vector<bool> backwards(const Graph &graph, const Progress &progress, std::vector<bool> marked,
                            Follow follow) {
  std::vector<uint32_t> work;
  for (uint32_t state = 0; state != marked.size(); ++state)
    if (marked[state])
      work.push_back(state);
  while (!work.empty()) {
    uint32_t state = work.back();
    work.pop_back();
    for (uint32_t e : progress.edgesInto(state))
      if (uint32_t from = graph.edges[e].from; !marked[from] && follow(e)) {
        marked[from] = true;
        work.push_back(from);
      }
  }
  return marked;
}

bool holdsLock(const State &state, uint32_t task) {
  return llvm::any_of(state.heap, [&](const Object &object) {
    bool lock = object.kind == ObjectKind::Mutex || object.kind == ObjectKind::SharedMutex;
    return lock && llvm::is_contained(object.holders, task);
  });
}

} // namespace

HelpfulClient::HelpfulClient(const Graph &graph, const Progress &progress, const Client &client)
    : graph(graph), progress(progress), client(client) {
  State state;
  for (uint32_t id = 0; id != graph.size(); ++id) {
    graph.read(id, state);
    uint32_t task = 0;
    while (task != state.tasks.size() && !(state.tasks[task].flags & Task::Entry))
      ++task;
    who.push_back(task);
    phases.push_back(phaseOf(state, task));
    clean.push_back(!holdsLock(state, task));
    uint32_t other = client.other ? otherOf(state) : uint32_t(state.tasks.size());
    otherRests.push_back(other != state.tasks.size() && rests(state.tasks[other]));
  }
  std::vector<bool> start(graph.size()), decides(graph.size());
  start[0] = true;
  fresh = forwards(graph, progress, start, [&](uint32_t e) {
    const Edge &edge = graph.edges[e];
    return !isCall(edge) && !isDestroying(edge) && !isCalling(edge.to);
  });
  for (const Edge &edge : graph.edges)
    if (isCalling(edge.from) && (edge.decided || edge.group))
      decides[edge.from] = true;
  decidesInCalls = backwardsInCalls(std::move(decides));
  const Program &program = graph.facts.program;
  for (FunctionId method : program.classes[client.of].interface->methods)
    if (!program.functions[method].blocks.empty())
      offered |= graph.facts.futureFrom(method, 0, 0).help;
  if (offered & Future::Unknown)
    offered = UINT16_MAX;
}

HelpfulClient::Phase HelpfulClient::phaseOf(const State &state, uint32_t task) const {
  if (task == state.tasks.size())
    return Phase::Gone;
  const Frame &frame = state.tasks[task].frames.front();
  if (frame.block < client.rests)
    return Phase::Making;
  if (frame.block >= client.destroys)
    return Phase::Destroying;
  return rests(state.tasks[task]) ? Phase::Resting : Phase::Calling;
}

bool HelpfulClient::rests(const Task &task) const {
  const Frame &frame = task.frames.front();
  const Instruction &at = graph.facts.at({frame.function, frame.block, frame.index});
  return task.frames.size() == 1 && at.op == Opcode::Yield && (at.flags & Idle);
}

uint32_t HelpfulClient::otherOf(const State &state) const {
  uint32_t task = 0;
  while (task != state.tasks.size() && state.tasks[task].frames.front().function != *client.other)
    ++task;
  return task;
}

std::vector<bool> HelpfulClient::stuckWhileOtherRests() const {
  std::vector<bool> found(graph.size());
  for (uint32_t id = 0; id != graph.size(); ++id)
    found[id] = isCalling(id) && otherRests[id] && progress.stuck(id, who[id]);
  return forwards(graph, progress, std::move(found), [](uint32_t) { return true; });
}

/// A call that ends the process looks like the end of the object, but for being a call.
bool HelpfulClient::isDestroying(const Edge &edge) const {
  if (phases[edge.from] >= Phase::Destroying)
    return true;
  return isResting(edge.from) && phases[edge.to] >= Phase::Destroying && !edge.calls &&
         (edge.moved >> who[edge.from] & 1);
}

bool HelpfulClient::isCall(const Edge &edge) const {
  return isResting(edge.from) && edge.calls.has_value();
}

std::vector<bool> HelpfulClient::backwardsInCalls(std::vector<bool> marked) const {
  return backwards(graph, progress, std::move(marked),
                   [&](uint32_t e) { return isCalling(graph.edges[e].from); });
}

/// The resting states in which to destroy the object may lead to the goal.
std::vector<bool> HelpfulClient::mayShowDestroyed(const Goal &goal) const {
  std::vector<bool> leads(graph.size());
  for (uint32_t state = 0; state != graph.size() && !goal.states.empty(); ++state)
    leads[state] = goal.states[state] && phases[state] >= Phase::Destroying;
  for (uint32_t e = 0; e != graph.edges.size() && !goal.edges.empty(); ++e)
    if (goal.edges[e] && isDestroying(graph.edges[e]))
      leads[graph.edges[e].from] = true;
  return backwards(graph, progress, std::move(leads),
                   [&](uint32_t e) { return isDestroying(graph.edges[e]); });
}

bool HelpfulClient::winsBy(const Game &game, const Edge &edge) const {
  if (isResting(edge.to))
    return game.won[edge.to];
  return isCalling(edge.to) && game.canWin[edge.to] &&
         (decidesInCalls[edge.to] || !game.canLose[edge.to]);
}

HelpfulClient::Game HelpfulClient::gameOf(std::vector<bool> won) const {
  Game game;
  game.lost.resize(graph.size());
  for (uint32_t state = 0; state != graph.size(); ++state)
    game.lost[state] = isResting(state) && !won[state];
  std::vector<bool> losing = game.lost;
  for (uint32_t state = 0; state != graph.size(); ++state)
    losing[state] = losing[state] || (isCalling(state) && progress.stuck(state, who[state]));
  game.canLose = backwardsInCalls(std::move(losing));
  game.canWin = backwardsInCalls(won);
  game.won = std::move(won);
  return game;
}

/// The lost states to which the client comes without a fault of its own: after the constructor, or
/// by a method by which it cannot win wherever it calls it, or wherever it calls it first.
std::vector<bool> HelpfulClient::doomed(const Game &game) const {
  std::set<uint32_t> harmless, harmlessFirst;
  for (const Edge &edge : graph.edges)
    if (isCall(edge) && game.won[edge.from] && winsBy(game, edge)) {
      harmless.insert(*edge.calls);
      if (fresh[edge.from])
        harmlessFirst.insert(*edge.calls);
    }
  std::vector<bool> roots(graph.size());
  for (uint32_t state = 0; state != graph.size(); ++state)
    roots[state] = fresh[state] && game.lost[state];
  for (const Edge &edge : graph.edges)
    if (isCall(edge) && game.won[edge.from] &&
        !(fresh[edge.from] ? harmlessFirst : harmless).count(*edge.calls))
      roots[edge.to] = game.lost[edge.to] || isCalling(edge.to) || roots[edge.to];
  return forwards(graph, progress, std::move(roots), [&](uint32_t e) {
    uint32_t to = graph.edges[e].to;
    return game.lost[to] || isCalling(to);
  });
}

Goal HelpfulClient::unavoidable(const Goal &goal) const {
  std::vector<bool> won = mayShowDestroyed(goal);
  for (uint32_t state = 0; state != graph.size(); ++state)
    won[state] = isResting(state) && !won[state];
  Game game = gameOf(std::move(won));
  for (bool changed = true; changed;) {
    changed = false;
    for (const Edge &edge : graph.edges)
      if (isCall(edge) && !game.won[edge.from] && winsBy(game, edge))
        game.won[edge.from] = changed = true;
    game = gameOf(std::move(game.won));
  }
  std::vector<bool> lost = doomed(game);
  std::vector<bool> region = forwards(graph, progress, lost, [&](uint32_t e) {
    const Edge &edge = graph.edges[e];
    return isDestroying(edge) && (game.lost[edge.from] || !isResting(edge.from));
  });
  Goal left = goal;
  for (uint32_t state = 0; state != left.states.size(); ++state)
    left.states[state] = left.states[state] && region[state] && phases[state] >= Phase::Destroying;
  for (uint32_t e = 0; e != left.edges.size(); ++e)
    left.edges[e] = left.edges[e] && region[graph.edges[e].from] && isDestroying(graph.edges[e]);
  return left;
}

Goal HelpfulClient::withinCall(const Goal &goal, bool first) const {
  std::vector<bool> begun(graph.size());
  begun[0] = phases[0] == Phase::Making;
  for (const Edge &edge : graph.edges)
    if (isCall(edge) && clean[edge.from] && (fresh[edge.from] || !first))
      begun[edge.to] = isCalling(edge.to) || begun[edge.to];
  std::vector<bool> region = forwards(graph, progress, std::move(begun), [&](uint32_t e) {
    const Edge &edge = graph.edges[e];
    return phases[edge.from] == phases[edge.to];
  });
  Goal left = goal;
  for (uint32_t state = 0; state != left.states.size(); ++state)
    left.states[state] = left.states[state] && region[state] && progress.stuck(state, who[state]);
  return left;
}

/// The states from which one call may lead to a marked edge though it settles no outside value.
std::vector<bool> HelpfulClient::hitsAlone(const std::vector<bool> &shows) const {
  std::vector<bool> hits(graph.size());
  for (uint32_t e = 0; e != graph.edges.size(); ++e)
    if (shows[e] && !graph.edges[e].decided)
      hits[graph.edges[e].from] = true;
  hits = backwards(graph, progress, std::move(hits), [&](uint32_t e) {
    const Edge &edge = graph.edges[e];
    bool inOne = phases[edge.from] == phases[edge.to] && !isResting(edge.from);
    return inOne && !edge.decided;
  });
  for (const Edge &edge : graph.edges)
    if (isCall(edge) && isCalling(edge.to) && hits[edge.to] && !edge.decided)
      hits[edge.from] = true;
  return hits;
}

Goal HelpfulClient::inEveryCall(const Goal &goal) const {
  Goal left = goal;
  for (uint32_t e = 0; e != left.edges.size(); ++e)
    left.edges[e] = left.edges[e] && !isDestroying(graph.edges[e]);
  std::vector<bool> hits = hitsAlone(left.edges), start(graph.size());
  if (phases[0] == Phase::Making && hits[0])
    return left;
  start[0] = true;
  std::vector<bool> without =
      forwards(graph, progress, std::move(start), [&](uint32_t e) { return !left.edges[e]; });
  for (uint32_t state = 0; state != graph.size(); ++state)
    if (isResting(state) && without[state] && !hits[state])
      left.edges.assign(left.edges.size(), false);
  return left;
}

} // namespace sluice::checker::analysis
