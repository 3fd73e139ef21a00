// Which tasks of which states can never move again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/leak/Progress.h"

#include <algorithm>

namespace sluice::checker::analysis {

Progress::Progress(const Graph &graph) : graph(graph) {
  index();
  propagate();
  findEnds();
}

void Progress::index() {
  into.resize(graph.size());
  from.resize(graph.size());
  for (uint32_t e = 0; e != graph.edges.size(); ++e) {
    into[graph.edges[e].to].push_back(e);
    from[graph.edges[e].from].push_back(e);
  }
  size_t total = 0;
  for (uint32_t state = 0; state != graph.size(); ++state) {
    pairs.push_back(total);
    total += graph.tasksOf(state);
  }
  can.assign(total, false);
}

/// A task can move if an edge moves it, or leads to where it can. Tasks that nothing tells apart
/// share one answer.
void Progress::propagate() {
  std::vector<std::pair<uint32_t, uint32_t>> work;
  auto set = [&](uint32_t state, uint32_t task) {
    size_t pair = pairs[state] + graph.sameAs(state)[task];
    if (can[pair])
      return;
    can[pair] = true;
    work.emplace_back(state, graph.sameAs(state)[task]);
  };
  for (const Edge &edge : graph.edges)
    for (uint32_t task = 0; task != graph.tasksOf(edge.from); ++task)
      if (edge.moved >> task & 1)
        set(edge.from, task);
  while (!work.empty()) {
    auto [state, known] = work.back();
    work.pop_back();
    for (uint32_t e : into[state]) {
      const Edge &edge = graph.edges[e];
      for (uint32_t task = 0; task != graph.tasksOf(edge.from); ++task) {
        uint16_t then = graph.mapOf(edge)[task];
        if (then != EndedTask && graph.sameAs(state)[then] == known)
          set(edge.from, task);
      }
    }
  }
}

/// Tarjan's algorithm with a stack of its own.
void Progress::findEnds() {
  std::vector<uint32_t> number(graph.size(), 0), low(graph.size(), 0), component(graph.size(), ~0u);
  std::vector<uint32_t> open;
  std::vector<std::pair<uint32_t, size_t>> path;
  uint32_t count = 0, components = 0;
  auto enter = [&](uint32_t state) {
    number[state] = low[state] = ++count;
    open.push_back(state);
    path.emplace_back(state, 0);
  };
  auto close = [&](uint32_t state) {
    std::vector<uint32_t> members;
    do {
      members.push_back(open.back());
      component[open.back()] = components;
      open.pop_back();
    } while (members.back() != state);
    ++components;
    bool leaves = std::any_of(members.begin(), members.end(), [&](uint32_t member) {
      return std::any_of(from[member].begin(), from[member].end(), [&](uint32_t e) {
        return component[graph.edges[e].to] != component[state];
      });
    });
    std::sort(members.begin(), members.end());
    if (!leaves)
      terminal.push_back(std::move(members));
  };
  if (graph.size())
    enter(0);
  while (!path.empty()) {
    auto &[state, next] = path.back();
    if (next == from[state].size()) {
      uint32_t finished = state;
      path.pop_back();
      if (low[finished] == number[finished])
        close(finished);
      if (!path.empty())
        low[path.back().first] = std::min(low[path.back().first], low[finished]);
      continue;
    }
    uint32_t to = graph.edges[from[state][next++]].to;
    if (!number[to])
      enter(to);
    else if (component[to] == ~0u)
      low[state] = std::min(low[state], number[to]);
  }
  std::sort(terminal.begin(), terminal.end());
}

bool Progress::moves(const std::vector<uint32_t> &component) const {
  return std::any_of(component.begin(), component.end(),
                     [&](uint32_t state) { return !from[state].empty(); });
}

} // namespace sluice::checker::analysis
