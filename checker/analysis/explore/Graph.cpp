// Explores the states of a scope, breadth first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Graph.h"

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
/// More tasks than a word has bits would need another representation of who moved.
constexpr size_t MostTasks = 64;
/// A scope that gets no verdict is explored as far as a plain mistake would show.
constexpr uint64_t MostWithCuts = 4000;
} // namespace

std::vector<Transitions::Partner> Transitions::partners(const Execution &look, const State &state,
                                                        const std::vector<uint16_t> &sameAs) const {
  std::vector<Partner> list;
  auto arms = [&](uint32_t task) {
    return std::max<size_t>(1, look.instructionOf(task).arms.size());
  };
  // Of several like tasks one stands for all; two of them are needed where they meet each other.
  auto stands = [&](uint32_t task, uint32_t other) {
    for (uint32_t before = sameAs[task]; before != task; ++before)
      if (sameAs[before] == sameAs[task] && before != other)
        return false;
    return true;
  };
  for (uint32_t sender = 0; sender != state.tasks.size(); ++sender)
    for (unsigned sendArm = 0; sendArm != arms(sender); ++sendArm) {
      auto channel = look.partnerChannel(sender, sendArm, true);
      if (!channel)
        continue;
      for (uint32_t receiver = 0; receiver != state.tasks.size(); ++receiver)
        for (unsigned arm = 0; receiver != sender && arm != arms(receiver); ++arm)
          if (stands(sender, receiver) && stands(receiver, sender) &&
              look.partnerChannel(receiver, arm, false) == channel)
            list.push_back({sender, sendArm, receiver, arm});
    }
  return list;
}

Graph::Graph(const Facts &facts, uint32_t entry, uint64_t most, uint64_t mostSteps,
             const Limits &limits)
    : facts(facts), entry(entry), most(most),
      stepsAtStart(std::min(mostSteps, most * StepsPerState)) {
  notes.limits = limits;
  notes.stepsLeft = stepsAtStart;
}

uint32_t Graph::intern(const Canonical &canonical) {
  uint64_t hash = canonical.words.size();
  for (uint64_t word : canonical.words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 31;
  }
  auto [from, to] = byHash.equal_range(hash);
  for (auto each = from; each != to; ++each) {
    size_t offset = offsets[each->second];
    if (offset + canonical.words.size() <= pool.size() &&
        std::equal(canonical.words.begin(), canonical.words.end(),
                   pool.begin() + ptrdiff_t(offset)))
      return each->second;
  }
  uint32_t id = uint32_t(offsets.size());
  offsets.push_back(pool.size());
  pool.insert(pool.end(), canonical.words.begin(), canonical.words.end());
  sameOffsets.push_back(sames.size());
  sames.insert(sames.end(), canonical.sameAs.begin(), canonical.sameAs.end());
  byHash.emplace(hash, id);
  return id;
}

void Graph::addEdge(uint32_t id, uint32_t ordinal, const Transitions::Taken &taken) {
  State &state = taken.state;
  if (state.tasks.size() > MostTasks) {
    notes.gaveUp = NoVerdict::OverBudget;
    notes.detail = "more than 64 tasks";
    return;
  }
  Edge edge;
  edge.from = id;
  edge.ordinal = ordinal;
  edge.group = taken.group;
  edge.map = uint32_t(maps.size());
  unsigned before = tasksOf(id);
  for (uint32_t task = 0; task != before; ++task)
    if (state.tasks[task].moved || state.tasks[task].ended)
      edge.moved |= uint64_t(1) << task;
  edge.decided = taken.execution.decided();
  edge.calls = taken.execution.clientCalls();
  bool stopped = taken.execution.stopped();
  Canonical canonical = canonicalize(facts, state);
  maps.insert(maps.end(), before, uint16_t(EndedTask));
  for (uint16_t next = 0; next != canonical.taskFrom.size(); ++next)
    if (canonical.taskFrom[next] < before)
      maps[edge.map + canonical.taskFrom[next]] = next;
  edge.to = intern(canonical);
  uint32_t index = uint32_t(edges.size());
  edges.push_back(edge);
  if (!stopped)
    for (uint32_t site : canonical.lost) {
      bool thread = facts.at(facts.sites[site]).op == Opcode::Spawn;
      mishaps.push_back({index, thread ? Defect::UnjoinedTask : Defect::UncalledCancel, site,
                         facts.sites[site], 0});
    }
  for (const Execution::Misuse &misuse : taken.execution.misused())
    mishaps.push_back({index, misuse.defect, misuse.site, misuse.at, misuse.task});
}

void Graph::expand(uint32_t id) {
  std::vector<uint64_t> words(pool.begin() + ptrdiff_t(offsets[id]),
                              id + 1 < offsets.size() ? pool.begin() + ptrdiff_t(offsets[id + 1])
                                                      : pool.end());
  std::vector<uint16_t> same(sameAs(id), sameAs(id) + tasksOf(id));
  if (words[0] == 0)
    return;
  uint32_t ordinal = 0;
  Transitions(facts, notes).each(words.data(), same, nullptr, [&](const Transitions::Taken &taken) {
    if (notes.gaveUp && *notes.gaveUp != NoVerdict::OverBudget && !notes.limits.client) {
      // The way ends here, and what does not depend on how it goes on can still be told.
      if (!cutOff)
        cutOff = {*notes.gaveUp, notes.detail};
      notes.gaveUp.reset();
    }
    if (!notes.gaveUp)
      addEdge(id, ordinal, taken);
    ++ordinal;
  });
}

bool Graph::explore() {
  // State 0 is the scope before its first step, so that choices there are edges like any other.
  State first;
  if (notes.limits.equalBounds)
    first.bound = Value::unit();
  Choices none;
  Execution execution(facts, first, none, notes, nullptr);
  execution.start(entry);
  intern(canonicalize(facts, first));
  for (uint32_t id = 0; id != offsets.size() && !notes.gaveUp; ++id) {
    if (offsets.size() > (cutOff ? std::min(most, MostWithCuts) : most)) {
      notes.gaveUp = NoVerdict::OverBudget;
      notes.detail = std::to_string(most) + " states";
      break;
    }
    expand(id);
  }
  if (cutOff)
    std::tie(notes.gaveUp, notes.detail) = *cutOff;
  return !notes.gaveUp;
}

std::vector<Event> Graph::replay(const Edge &edge) {
  std::vector<uint16_t> same(sameAs(edge.from), sameAs(edge.from) + tasksOf(edge.from));
  std::vector<Event> events, kept;
  uint32_t ordinal = 0;
  Notes scratch;
  scratch.limits = notes.limits;
  Transitions(facts, scratch)
      .each(pool.data() + offsets[edge.from], same, &events, [&](const Transitions::Taken &) {
        scratch.gaveUp.reset();
        if (ordinal++ == edge.ordinal)
          kept = events;
      });
  return kept;
}

} // namespace sluice::checker::analysis
