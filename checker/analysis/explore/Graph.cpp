// Explores the states of a scope, breadth first.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/explore/Graph.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;

namespace {
/// More tasks than a word has bits would need another representation of who moved.
constexpr size_t MostTasks = 64;
/// A scope that gets no verdict is explored as far as a plain mistake would show.
constexpr uint64_t MostWithCuts = 4000;
/// Whether a scope will have too many states shows at this part of them.
constexpr uint64_t GrowthShows = 5;
} // namespace

std::vector<Partner> Transitions::partners(const Execution &look, const State &state,
                                           llvm::ArrayRef<uint16_t> sameAs) const {
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

Graph::Graph(const Facts &facts, uint32_t entry, const Limits &limits)
    : facts(facts), entry(entry), transitions(facts, notes), canonicalize(facts) {
  notes.limits = limits;
  // State 0 is the scope before its first step, so that choices there are edges like any other.
  State first;
  if (limits.equalBounds)
    first.bound = Value::unit();
  Choices none;
  Execution execution(facts, first, none, notes, nullptr);
  execution.start(entry);
  intern(canonicalize(first));
}

const State &Graph::stateAt(uint32_t id) const {
  decoded.resize(states.size());
  if (!decoded[id]) {
    decoded[id] = std::make_unique<State>();
    read(id, *decoded[id]);
  }
  return *decoded[id];
}

uint32_t Graph::intern(const Canonical &canonical) {
  uint64_t hash = canonical.words.size();
  for (uint64_t word : canonical.words) {
    hash = (hash ^ word) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 31;
  }
  // What DenseMap keeps for itself.
  hash >>= 1;
  uint32_t id = uint32_t(states.size());
  auto [entry, isNew] = byHash.try_emplace(hash, id);
  for (uint32_t each = entry->second; !isNew; each = states[each].alike) {
    if (states[each].words == llvm::ArrayRef(canonical.words))
      return each;
    if (states[each].alike == each)
      break;
  }
  states.push_back({llvm::ArrayRef(canonical.words).copy(memory),
                    llvm::ArrayRef(canonical.sameAs).copy(memory), entry->second});
  entry->second = id;
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
  edge.stops = taken.execution.stopped();
  const Canonical &canonical = canonicalize(state);
  notes.spend(canonical.words.size() / WordsPerStep);
  maps.insert(maps.end(), before, uint16_t(EndedTask));
  for (uint16_t next = 0; next != canonical.taskFrom.size(); ++next)
    if (canonical.taskFrom[next] < before)
      maps[edge.map + canonical.taskFrom[next]] = next;
  edge.to = intern(canonical);
  uint32_t index = uint32_t(edges.size());
  edges.push_back(edge);
  if (!edge.stops)
    for (uint32_t site : canonical.lost) {
      bool thread = facts.at(facts.sites[site]).op == Opcode::Spawn;
      mishaps.push_back({index, thread ? Defect::UnjoinedTask : Defect::UncalledCancel, site,
                         facts.sites[site], 0});
    }
  for (const Execution::Misuse &misuse : taken.execution.misused())
    mishaps.push_back({index, misuse.defect, misuse.site, misuse.at, misuse.task});
}

/// False if the budget ran out on the way; the state is as before then.
bool Graph::expand(uint32_t id) {
  if (states[id].expanded)
    return true;
  if (states[id].words[0] == 0) {
    states[id].expanded = true;
    return true;
  }
  size_t edgesBefore = edges.size(), mishapsBefore = mishaps.size(), mapsBefore = maps.size();
  uint32_t ordinal = 0;
  auto visit = [&](const Transitions::Taken &way) {
    if (notes.gaveUp && *notes.gaveUp != NoVerdict::OverBudget && !notes.limits.client) {
      // The way ends here, and what does not depend on how it goes on can still be told.
      if (!cutOff)
        cutOff = {*notes.gaveUp, notes.detail};
      notes.gaveUp.reset();
    }
    if (!notes.gaveUp)
      addEdge(id, ordinal, way);
    ++ordinal;
  };
  transitions.each(states[id].words.data(), sameAs(id), nullptr, visit);
  if (!notes.gaveUp) {
    states[id].expanded = true;
    states[id].edge = uint32_t(edgesBefore);
    states[id].edges = uint32_t(edges.size() - edgesBefore);
    return true;
  }
  edges.resize(edgesBefore);
  mishaps.resize(mishapsBefore);
  maps.resize(mapsBefore);
  return false;
}

/// States are found in the order of their distance from the start. Where there are more and more at
/// each, and they are many already, those that are left would take a multiple of the budget.
bool Graph::stillGrows(uint64_t most) {
  if (expanded == levels.back())
    levels.push_back(states.size());
  if (states.size() * GrowthShows < most)
    return false;
  auto half = std::lower_bound(levels.begin(), levels.end(), states.size() / 2);
  return half == levels.end() ||
         (half != levels.begin() && states.size() - levels.back() > *half - *std::prev(half));
}

bool Graph::explore(uint64_t most, uint64_t mostSteps) {
  uint64_t atStart = std::min(mostSteps, most * StepsPerState);
  notes.stepsLeft = atStart - std::min(atStart, taken);
  atStart = taken + notes.stepsLeft;
  if (notes.gaveUp == NoVerdict::OverBudget)
    notes.gaveUp.reset();
  for (; expanded != states.size() && !notes.gaveUp; ++expanded) {
    bool over = states.size() > (cutOff ? std::min(most, MostWithCuts) : most);
    if (over || stillGrows(most)) {
      notes.gaveUp = NoVerdict::OverBudget;
      notes.detail = over ? std::to_string(most) + " states"
                          : "still growing at " + std::to_string(states.size()) + " states";
      break;
    }
    if (!expand(expanded))
      break;
  }
  taken = atStart - notes.stepsLeft;
  if (cutOff)
    std::tie(notes.gaveUp, notes.detail) = *cutOff;
  return !notes.gaveUp;
}

/// One run in which, of the tasks that can move, the one with the highest priority does. Priorities
/// are drawn for each run, and changed now and then on the way: so a run needs few lucky draws to
/// show a defect that takes few switches of tasks (Burckhardt, Kothari, Musuvathi, Nagarakatte: A
/// randomized scheduler with probabilistic guarantees of finding bugs, 2010). False if the budget
/// ran out.
bool Graph::tryRun(std::minstd_rand &random) {
  constexpr unsigned mostMoves = 2000, movesPerChange = 16;
  std::vector<uint32_t> priority(tasksOf(0), 0), then;
  uint32_t at = 0;
  for (unsigned moves = 0; moves != mostMoves; ++moves) {
    if (!expand(at))
      return false;
    if (states[at].edges == 0)
      return true;
    std::pair<uint32_t, uint32_t> best{0, 0};
    uint32_t taken = states[at].edge;
    for (uint32_t e = states[at].edge; e != states[at].edge + states[at].edges; ++e) {
      std::pair<uint32_t, uint32_t> key{0, uint32_t(random())};
      for (uint32_t task = 0; task != priority.size(); ++task)
        if (edges[e].moved >> task & 1)
          key.first = std::max(key.first, priority[task]);
      if (key >= best)
        std::tie(best, taken) = {key, e};
    }
    then.resize(tasksOf(edges[taken].to));
    for (uint32_t &each : then)
      each = uint32_t(random());
    for (uint32_t task = 0; task != priority.size(); ++task) {
      bool changes = (edges[taken].moved >> task & 1) && random() % movesPerChange == 0;
      if (uint16_t next = mapOf(edges[taken])[task]; next != EndedTask && !changes)
        then[next] = priority[task];
    }
    std::swap(priority, then);
    at = edges[taken].to;
  }
  return true;
}

void Graph::probe(uint64_t mostSteps) {
  constexpr unsigned mostRuns = 200;
  std::optional<NoVerdict> why = std::exchange(notes.gaveUp, std::nullopt);
  std::string detail = notes.detail;
  notes.stepsLeft = mostSteps;
  std::minstd_rand random; // equal programs give equal results
  for (unsigned run = 0; run != mostRuns && tryRun(random); ++run)
    ;
  notes.gaveUp = why;
  notes.detail = detail;
}

std::vector<Event> Graph::replay(const Edge &edge) {
  std::vector<Event> events, kept;
  uint32_t ordinal = 0;
  Notes scratch;
  scratch.limits = notes.limits;
  Transitions(facts, scratch)
      .each(states[edge.from].words.data(), sameAs(edge.from), &events,
            [&](const Transitions::Taken &) {
              scratch.gaveUp.reset();
              if (ordinal++ == edge.ordinal)
                kept = events;
            });
  return kept;
}

} // namespace sluice::checker::analysis
