// Finds the run that shows a defect, and tells it as steps.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Witness.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;

Witness::Witness(Graph &graph, const Progress &progress, const Goal &goal)
    : graph(graph), progress(progress), goal(goal), rank(graph.size(), ~0u) {
  for (uint32_t e = 0; e != graph.edges.size(); ++e)
    if (graph.edges[e].group)
      groups[{graph.edges[e].from, graph.edges[e].group}].insert(e);
  for (uint32_t state = 0; state != graph.size(); ++state)
    if (!goal.states.empty() && goal.states[state]) {
      rank[state] = 0;
      queue.push_back(state);
    }
  for (uint32_t e = 0; e != graph.edges.size(); ++e)
    if (!goal.edges.empty() && goal.edges[e])
      reached(e, 0);
  for (size_t next = 0; next != queue.size(); ++next)
    for (uint32_t e : progress.edgesInto(queue[next]))
      reached(e, rank[queue[next]]);
}

/// The goal can be reached by this edge. An opaque choice counts once each of its outcomes can.
void Witness::reached(uint32_t e, uint32_t distance) {
  const Edge &edge = graph.edges[e];
  if (rank[edge.from] != ~0u)
    return;
  if (edge.group) {
    std::set<uint32_t> &open = groups[{edge.from, edge.group}];
    open.erase(e);
    if (!open.empty())
      return;
  }
  rank[edge.from] = distance + 1;
  queue.push_back(edge.from);
}

std::vector<uint32_t> Witness::path() const {
  std::vector<uint32_t> list;
  uint32_t at = 0;
  while (rank[at] != 0) {
    uint32_t best = ~0u, bestRank = rank[at];
    for (uint32_t e : progress.edgesFrom(at)) {
      if (!goal.edges.empty() && goal.edges[e]) {
        list.push_back(e);
        return list;
      }
      if (uint32_t left = rank[graph.edges[e].to]; left < bestRank) {
        best = e;
        bestRank = left;
      }
    }
    list.push_back(best);
    at = graph.edges[best].to;
  }
  return list;
}

PrimitiveRef primitiveAt(const Facts &facts, uint32_t site) {
  PrimitiveRef primitive;
  primitive.makeSite = facts.sites[site];
  const Instruction &made = facts.at(primitive.makeSite);
  primitive.kind = made.primitive;
  primitive.name = made.name;
  primitive.type = made.type;
  primitive.madeAt = made.at;
  bool known = made.op == Opcode::Make && made.primitive == PrimitiveKind::Channel &&
               made.args[0].kind == Operand::Kind::Integer;
  if (known)
    primitive.capacity = made.args[0].value;
  return primitive;
}

PrimitiveRef madeOutOfSight(const std::string &name) {
  PrimitiveRef primitive;
  primitive.kind = PrimitiveKind::Mutex;
  primitive.name = name;
  return primitive;
}

namespace {

TaskRef taskShown(const std::string &display) {
  TaskRef task;
  task.display = display;
  return task;
}

/// The instruction that started a task; null for the entry and for what a timer runs.
const Instruction *startOf(const Facts &facts, const Task &task) {
  const Instruction *start = task.site ? &facts.at(facts.sites[task.site]) : nullptr;
  return start && start->op == Opcode::Spawn ? start : nullptr;
}

} // namespace

std::vector<uint32_t> tell(Graph &graph, const std::vector<uint32_t> &path, Verdict &verdict) {
  const Facts &facts = graph.facts;
  const Function &entry = facts.program.functions[graph.entry];
  verdict.tasks.push_back(taskShown(entry.display));
  std::vector<uint32_t> numbers = {0};
  for (uint32_t e : path) {
    const Edge &edge = graph.edges[e];
    std::vector<Event> events = graph.replay(edge);
    std::vector<uint32_t> started;
    auto numberOf = [&](uint32_t task) {
      return task < numbers.size() ? numbers[task] : started[task - numbers.size()];
    };
    for (Event &event : events) {
      if (event.step.kind == Step::Kind::Start) {
        started.push_back(uint32_t(verdict.tasks.size()));
        verdict.tasks.push_back(taskShown(""));
        verdict.tasks.back().startedAt = event.step.at;
      }
      if (event.step.task >= numbers.size() + started.size())
        continue;
      event.step.task = numberOf(event.step.task);
      for (uint32_t site : event.sites)
        if (site && facts.at(facts.sites[site]).op == Opcode::Make)
          event.step.on.push_back(primitiveAt(facts, site));
      if (event.step.kind == Step::Kind::Lock && event.step.on.empty())
        event.step.on.push_back(madeOutOfSight(event.step.detail));
      if (event.step.kind == Step::Kind::Branch && event.step.detail.find(' ') != std::string::npos)
        verdict.restsOn.push_back(event.step.detail);
      verdict.witness.push_back(std::move(event.step));
    }
    const State &after = graph.stateAt(edge.to);
    std::vector<uint32_t> next(after.tasks.size(), ~0u);
    for (uint32_t task = 0; task != numbers.size(); ++task)
      if (graph.mapOf(edge)[task] != EndedTask)
        next[graph.mapOf(edge)[task]] = numbers[task];
    // Tasks that are new in this state: those of one place in the order in which they were started.
    for (uint32_t task = 0; task != next.size(); ++task) {
      if (next[task] != ~0u)
        continue;
      const Instruction *start = startOf(facts, after.tasks[task]);
      auto same = llvm::find_if(started, [&](uint32_t number) {
        return start && verdict.tasks[number].startedAt == start->at;
      });
      next[task] = same == started.end() ? uint32_t(verdict.tasks.size()) : *same;
      if (same == started.end())
        verdict.tasks.push_back(taskShown(""));
      else
        started.erase(same);
      verdict.tasks[next[task]].display =
          start && !start->name.empty()
              ? start->name
              : facts.program.functions[after.tasks[task].frames[0].function].display;
    }
    numbers = std::move(next);
  }
  return numbers;
}

void condense(std::vector<Step> &steps) {
  constexpr size_t readable = 40;
  if (steps.size() <= readable)
    return;
  auto key = [](const Step &step) {
    InstructionRef on = step.on.empty() ? InstructionRef() : step.on.front().makeSite;
    return std::tuple(step.kind, step.task, step.at, step.arm, on, step.detail);
  };
  struct Seen {
    size_t first = 0, last = 0;
    uint32_t times = 0;
  };
  std::map<decltype(key(steps[0])), Seen> all;
  for (size_t i = 0; i != steps.size(); ++i) {
    Seen &seen = all[key(steps[i])];
    seen.first = seen.times++ == 0 ? i : seen.first;
    seen.last = i;
  }
  std::vector<Step> kept;
  for (size_t i = 0; i != steps.size(); ++i)
    if (const Seen &seen = all[key(steps[i])]; i == seen.first || i == seen.last) {
      kept.push_back(std::move(steps[i]));
      kept.back().times = i == seen.first && seen.times > 2 ? seen.times : 1;
    }
  steps = std::move(kept);
}

} // namespace sluice::checker::analysis
