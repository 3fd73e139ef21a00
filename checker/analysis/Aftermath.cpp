// Who waits for a defect's tasks in vain, once the run has gone on to its end.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Aftermath.h"

#include <algorithm>
#include <numeric>

namespace sluice::checker::analysis {
namespace {

constexpr uint32_t Unreached = ~0u;

/// The edges of a shortest way from `from` to a state that `isEnd` marks.
std::vector<uint32_t> wayToEnd(const Graph &graph, const Progress &progress, uint32_t from,
                               const std::vector<bool> &isEnd) {
  std::vector<uint32_t> by(graph.size(), Unreached);
  std::vector<bool> seen(graph.size());
  std::vector<uint32_t> queue{from};
  seen[from] = true;
  uint32_t end = from;
  for (size_t next = 0; next != queue.size(); ++next) {
    end = queue[next];
    if (isEnd[end])
      break;
    for (uint32_t e : progress.edgesFrom(end)) {
      uint32_t to = graph.edges[e].to;
      if (seen[to])
        continue;
      seen[to] = true;
      by[to] = e;
      queue.push_back(to);
    }
  }
  std::vector<uint32_t> way;
  for (; end != from; end = graph.edges[by[end]].from)
    way.push_back(by[end]);
  std::reverse(way.begin(), way.end());
  return way;
}

} // namespace

Aftermath runOn(const Graph &graph, const Progress &progress, uint32_t from) {
  std::vector<bool> isEnd(graph.size());
  for (const std::vector<uint32_t> &component : progress.ends())
    for (uint32_t state : component)
      isEnd[state] = true;
  Aftermath after;
  after.state = from;
  after.tasks.resize(graph.tasksOf(from));
  std::iota(after.tasks.begin(), after.tasks.end(), 0);
  for (uint32_t e : wayToEnd(graph, progress, from, isEnd)) {
    const Edge &edge = graph.edges[e];
    for (uint32_t &task : after.tasks)
      task = task == EndedTask ? EndedTask : graph.mapOf(edge)[task];
    after.state = edge.to;
  }
  return after;
}

} // namespace sluice::checker::analysis
