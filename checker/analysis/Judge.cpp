// Explores one scope and gives its verdicts.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Judge.h"

#include "analysis/Aftermath.h"
#include "analysis/leak/Endless.h"

#include <algorithm>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// Whether an endless task may rest in an operation: where a run would find it.
bool mayRest(Opcode op) {
  switch (op) {
  case Opcode::Sleep:
  case Opcode::Yield:
  case Opcode::Send:
  case Opcode::Receive:
  case Opcode::Select:
  case Opcode::Lock:
  case Opcode::Wait:
  case Opcode::WaitEvent:
  case Opcode::Acquire:
    return true;
  default:
    return false;
  }
}

/// The first operation from `place` on, without a branch in between, in which the task may rest;
/// `place` itself if there is none.
InstructionRef nextRest(const Facts &facts, InstructionRef place) {
  constexpr unsigned enoughJumps = 16;
  InstructionRef at = place;
  for (unsigned jumps = 0; jumps != enoughJumps;) {
    const Instruction &i = facts.at(at);
    if (mayRest(i.op))
      return at;
    if (i.op < Opcode::Jump) {
      ++at.index;
      continue;
    }
    if (i.op != Opcode::Jump)
      return place;
    at = {at.function, i.targets[0], 0};
    ++jumps;
  }
  return place;
}

bool anyWaitsForItself(const Facts &facts, const State &state) {
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if (!state.tasks[task].ended && waitsForItself(facts, state, task))
      return true;
  return false;
}

Limits limitsOf(const ScopeEntry &entry, bool equalBounds) {
  Limits limits;
  limits.object = entry.object;
  limits.equalBounds = equalBounds;
  return limits;
}
} // namespace

Judge::Judge(const Facts &facts, const ScopeEntry &entry, bool equalBounds)
    : facts(facts), start(entry), graph(facts, entry.function, limitsOf(entry, equalBounds)) {}

Judge::Judge(const Facts &facts, const ClassScope &scope)
    : facts(facts), start{scope.limits.client->function, {}}, clients(scope.clients),
      graph(facts, scope.limits.client->function, scope.limits) {}

uint64_t Judge::mostStates(const Options &options) const {
  return start.locksOnly ? std::min(options.statesPerLocks, options.statesPerScope)
                         : options.statesPerScope;
}

bool Judge::explore(const Options &options) {
  partial = !graph.explore(mostStates(options), options.stepsPerUnit);
  return !partial;
}

/// A client could do more than any run shows, and a scope of locks is small. Long loops that are
/// scaled down need not count what belongs together.
void Judge::probe(const Options &options) {
  if (partial && !start.locksOnly && !graph.notes.limits.client && facts.isExact())
    graph.probe(options.stepsPerProbe);
}

void Judge::conclude() {
  if (partial && graph.notes.limits.client)
    return;
  progress.emplace(graph);
  if (const auto &client = graph.notes.limits.client)
    helpful.emplace(graph, *progress, *client);
  if (clients == Clients::Helped)
    return judgeHelped();
  CauseBook book;
  collectCauses(book);
  for (const Group &group : book.groups())
    report(group);
  if (!onlyReports() && !partial)
    judgeMishaps();
}

std::vector<bool> Judge::stuckIn(uint32_t id, unsigned count) const {
  std::vector<bool> stuck(count);
  for (uint32_t task = 0; task != count; ++task)
    stuck[task] = progress->stuck(id, task);
  return stuck;
}

/// Whether nothing moves in the state any more, whatever those are like that were not explored.
bool Judge::isStandstill(uint32_t id) const {
  return graph.isExpanded(id) && progress->edgesFrom(id).empty() && graph.tasksOf(id) != 0;
}

/// Whatever the states and tasks that were not explored are like: nobody else releases the lock.
bool Judge::isOwnLock(const Cause &cause, const State &state) const {
  return cause.rank == 0 && facts.at(placeOf(state, cause.culprit)).op == Opcode::Lock;
}

bool Judge::isOwnLock(const Pattern &pattern) const {
  return pattern.rank == 0 && facts.at(pattern.culprit.at).op == Opcode::Lock;
}

void Judge::collectCauses(CauseBook &book) const {
  for (const std::vector<uint32_t> &component : progress->ends()) {
    const State &state = graph.stateAt(component[0]);
    const bool onlyOwn = (partial && !isStandstill(component[0])) || start.locksOnly;
    if (onlyOwn && !anyWaitsForItself(facts, state))
      continue;
    std::vector<bool> stuck = stuckIn(component[0], unsigned(state.tasks.size()));
    for (const Cause &cause :
         findCauses(facts, state, stuck, endlessIn(facts, *progress, component, graph)))
      if (!onlyOwn || isOwnLock(cause, state))
        book.add(cause, state, component[0]);
  }
}

/// Tasks of the state that stand, for ever, at the places of the pattern, in their order; nothing
/// if the state does not show it.
std::vector<uint32_t> Judge::findParties(uint32_t id, const Pattern &pattern) const {
  const State &state = graph.stateAt(id);
  bool endless = pattern.defect == Defect::NeverEnds;
  std::vector<uint32_t> parties;
  for (const Stand &place : pattern.places) {
    bool itself = (pattern.rank == 0 || pattern.alone) && place == pattern.culprit;
    auto fits = [&](uint32_t task) {
      return standOf(state, task) == place && progress->stuck(id, task) != endless &&
             (!itself || waitsForItself(facts, state, task));
    };
    uint32_t task = 0;
    while (task != state.tasks.size() && !fits(task))
      ++task;
    if (task == state.tasks.size())
      return {};
    parties.push_back(task);
    // Tasks at one place can wait for each other as well.
    bool amongEqual = pattern.defect == Defect::Deadlock && !itself && pattern.places.size() == 1;
    for (++task; amongEqual && task != state.tasks.size(); ++task)
      if (fits(task))
        parties.push_back(task);
    if (amongEqual && parties.size() == 1)
      return {};
  }
  return parties;
}

bool Judge::shows(uint32_t id, const Pattern &pattern) const {
  return !findParties(id, pattern).empty();
}

bool Judge::everyEndShows(const Group &group) const {
  return llvm::all_of(progress->ends(), [&](const std::vector<uint32_t> &component) {
    return llvm::any_of(group,
                        [&](const Sighting &each) { return shows(component[0], each.pattern); });
  });
}

std::set<uint32_t> Judge::sitesOf(const State &state, uint32_t task) const {
  State copy = state;
  Choices none;
  Notes scratch;
  Execution look(facts, copy, none, scratch, nullptr);
  std::set<uint32_t> sites;
  for (Value on : look.operatesOn(task)) {
    if (!on.is(Value::Kind::Object))
      continue;
    const Object &object = state.heap[on.index()];
    bool belongs = object.kind == ObjectKind::Channel && object.link.is(Value::Kind::Object);
    uint32_t site = belongs ? state.heap[object.link.index()].site : object.site;
    if (site && facts.at(facts.sites[site]).op == Opcode::Make)
      sites.insert(site);
  }
  return sites;
}

std::set<uint32_t> Judge::sitesHeld(const State &state, uint32_t task) const {
  std::set<uint32_t> sites;
  for (const Object &object : state.heap)
    if ((object.kind == ObjectKind::Mutex || object.kind == ObjectKind::SharedMutex) &&
        object.site && llvm::is_contained(object.holders, task))
      sites.insert(object.site);
  return sites;
}

std::vector<uint32_t> Judge::standAt(const State &state, const std::vector<bool> &stuck,
                                     const Pattern &pattern) const {
  std::vector<uint32_t> tasks;
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if (stuck[task] && llvm::is_contained(pattern.places, standOf(state, task)))
      tasks.push_back(task);
  return tasks;
}

void Judge::describe(Verdict &verdict, const State &state, const std::vector<uint32_t> &numbers,
                     const std::vector<bool> &stuck, const Pattern &pattern,
                     bool consequences) const {
  auto isParty = [&](uint32_t task) {
    return numbers[task] == verdict.culprit || llvm::is_contained(verdict.parties, numbers[task]);
  };
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    for (uint32_t site : sitesHeld(state, task))
      verdict.tasks[numbers[task]].holds.push_back(primitiveAt(facts, site));
  std::vector<bool> waits = waitersFor(facts, state, stuck, standAt(state, stuck, pattern));
  // A writer that has queued is what the readers behind it wait for, so it came first.
  for (const auto &[queued, party] : {std::pair(true, true), std::pair(true, false),
                                      std::pair(false, true), std::pair(false, false)})
    for (uint32_t task = 0; task != state.tasks.size(); ++task)
      if (stuck[task] && (state.tasks[task].phase == Task::Phase::Queued) == queued &&
          isParty(task) == party && (party || consequences)) {
        describeBlocked(verdict, state, task, numbers[task]);
        verdict.tasks[numbers[task]].follows = !party && waits[task];
      }
}

/// The calls from where a task took the lock to where it waits for it again.
void Judge::tellCalls(Verdict &verdict, const Task &task, uint32_t number) const {
  auto taken =
      std::find_if(verdict.witness.rbegin(), verdict.witness.rend(), [&](const Step &step) {
        return step.kind == Step::Kind::Lock && step.task == number;
      });
  size_t from = task.frames.size();
  while (from != 0 && taken != verdict.witness.rend() &&
         task.frames[from - 1].function != taken->function)
    --from;
  for (size_t i = from; from != 0 && i < task.frames.size(); ++i) {
    const Frame &caller = task.frames[i - 1];
    Step step{};
    step.kind = Step::Kind::Call;
    step.task = number;
    step.function = caller.function;
    step.at = facts.at({caller.function, caller.block, caller.index}).at;
    step.detail = facts.program.functions[task.frames[i].function].display;
    verdict.witness.push_back(std::move(step));
  }
}

void Judge::describeBlocked(Verdict &verdict, const State &state, uint32_t task,
                            uint32_t number) const {
  TaskRef &shown = verdict.tasks[number];
  const Instruction &at = facts.at(placeOf(state, task));
  shown.blocked = true;
  bool forLock = relocks(state, task, at);
  shown.operation = forLock ? Opcode::Lock : at.op;
  shown.flags = at.flags;
  shown.blockedAt = at.at;
  for (uint32_t site : sitesOf(state, task))
    if (auto on = primitiveAt(facts, site); !forLock || on.kind != PrimitiveKind::Condition)
      shown.on.push_back(on);
  if (shown.on.empty() && at.op == Opcode::Lock && !at.name.empty())
    shown.on.push_back(madeOutOfSight(at.name));
  if (verdict.ownLock && number == verdict.culprit)
    tellCalls(verdict, state.tasks[task], number);
  Step step{};
  step.kind = Step::Kind::Blocked;
  step.task = number;
  step.on = shown.on;
  step.function = state.tasks[task].top().function;
  step.at = at.at;
  verdict.witness.push_back(step);
}

/// Who comes to wait for the parties in vain, when the run goes on.
void Judge::describeAftermath(Verdict &verdict, uint32_t last, const Pattern &pattern,
                              const std::vector<uint32_t> &numbers) const {
  Aftermath after = runOn(graph, *progress, last);
  const State &state = graph.stateAt(after.state);
  std::vector<bool> stuck = stuckIn(after.state, unsigned(state.tasks.size()));
  std::vector<bool> waits = waitersFor(facts, state, stuck, standAt(state, stuck, pattern));
  for (uint32_t task = 0; task != after.tasks.size(); ++task) {
    uint32_t then = after.tasks[task];
    TaskRef &shown = verdict.tasks[numbers[task]];
    if (then == EndedTask || shown.blocked || !stuck[then] || !waits[then])
      continue;
    describeBlocked(verdict, state, then, numbers[task]);
    shown.follows = true;
  }
}

/// Keeps what concerns the primitives of the finding, the start of tasks, and what was assumed.
void Judge::keepRelevant(Verdict &verdict, const std::set<uint32_t> &sites) const {
  auto waitsForName = [&](const std::string &name) {
    const std::vector<PrimitiveRef> &on = verdict.tasks[verdict.culprit].on;
    return !on.empty() && !facts.siteOf(on.front().makeSite) && on.front().name == name;
  };
  std::erase_if(verdict.witness, [&](const Step &step) {
    if (step.kind == Step::Kind::Start || step.kind == Step::Kind::Blocked ||
        step.kind == Step::Kind::End || step.kind == Step::Kind::Lost ||
        step.kind == Step::Kind::Construct || step.kind == Step::Kind::Call ||
        step.kind == Step::Kind::Destroy || step.kind == Step::Kind::Branch ||
        step.kind == Step::Kind::SelectArm || step.kind == Step::Kind::HandleEnd)
      return false;
    return llvm::none_of(step.on, [&](const PrimitiveRef &on) {
      uint32_t site = facts.siteOf(on.makeSite);
      return sites.count(site) != 0 || (!site && verdict.ownLock && waitsForName(on.name));
    });
  });
  // Rounds of a loop that say nothing new.
  auto repeats = [](const Step &a, const Step &b) {
    return a.kind == b.kind && a.task == b.task && a.at == b.at && a.arm == b.arm &&
           a.kind == Step::Kind::SelectArm;
  };
  verdict.witness.erase(std::unique(verdict.witness.begin(), verdict.witness.end(), repeats),
                        verdict.witness.end());
  condense(verdict.witness);
  llvm::sort(verdict.restsOn);
  verdict.restsOn.erase(std::unique(verdict.restsOn.begin(), verdict.restsOn.end()),
                        verdict.restsOn.end());
}

/// A task that never ends is only known by the end it goes round in; one that is stuck is so
/// before, and the run that shows it may be shorter.
Goal Judge::goalOf(const Pattern &pattern) const {
  Goal goal;
  goal.states.resize(graph.size());
  if (pattern.defect != Defect::NeverEnds) {
    bool anywhere = !partial || isOwnLock(pattern);
    for (uint32_t id = 0; id != graph.size(); ++id)
      goal.states[id] = (anywhere || isStandstill(id)) && shows(id, pattern);
    return goal;
  }
  for (const std::vector<uint32_t> &component : progress->ends())
    for (uint32_t id : component)
      goal.states[id] = shows(id, pattern);
  return goal;
}

std::vector<PrimitiveRef> Judge::contextsOf(const State &state, uint32_t task) const {
  std::vector<bool> marked(state.heap.size());
  markFrom(state, state.tasks[task], marked);
  std::set<uint32_t> sites;
  for (uint32_t i = 0; i != state.heap.size(); ++i)
    if (marked[i] && state.heap[i].kind == ObjectKind::Context && state.heap[i].site)
      sites.insert(state.heap[i].site);
  std::vector<PrimitiveRef> list;
  for (uint32_t site : sites)
    list.push_back(primitiveAt(facts, site));
  return list;
}

void Judge::nameParties(Verdict &verdict, const Pattern &pattern, uint32_t last,
                        const std::vector<uint32_t> &numbers) const {
  std::vector<uint32_t> parties = findParties(last, pattern);
  for (size_t i = 0; i != parties.size(); ++i) {
    if (pattern.defect == Defect::Deadlock)
      verdict.parties.push_back(numbers[parties[i]]);
    if (i >= pattern.places.size() || pattern.places[i] != pattern.culprit)
      continue;
    verdict.culprit = numbers[parties[i]];
    if (pattern.defect == Defect::NeverEnds)
      verdict.contexts = contextsOf(graph.stateAt(last), parties[i]);
  }
}

/// Tells the defect by its most telling sighting that comes about whichever way opaque conditions
/// go.
void Judge::report(const Group &group) {
  for (const Sighting &sighting : group)
    if (reportAs(group, sighting))
      return;
}

/// Whether what a party waits for may have been released through a handle that is not followed.
bool Judge::mayBeLost(const State &state, const std::vector<uint32_t> &parties) const {
  State copy = state;
  Choices none;
  Notes scratch;
  Execution look(facts, copy, none, scratch, nullptr);
  return llvm::any_of(parties, [&](uint32_t task) {
    return llvm::any_of(look.operatesOn(task), [&](Value on) {
      return on.is(Value::Kind::Object) && (state.heap[on.index()].flags & Object::Lost);
    });
  });
}

/// No verdict on the sites, nor on what waits for them.
void Judge::doubtAll(uint32_t id, std::set<uint32_t> sites) {
  const State &state = graph.stateAt(id);
  for (uint32_t task = 0; task != state.tasks.size(); ++task)
    if (progress->stuck(id, task))
      sites.merge(sitesOf(state, task));
  graph.notes.lost.merge(sites);
}

/// What the parties wait for and hold.
std::set<uint32_t> Judge::sitesOf(const State &state, const std::vector<uint32_t> &parties) const {
  std::set<uint32_t> sites;
  for (uint32_t task : parties) {
    sites.merge(sitesOf(state, task));
    sites.merge(sitesHeld(state, task));
  }
  return sites;
}

/// Whether no verdict can be given, as somebody out of sight may bring a party on.
bool Judge::isDoubtful(const Sighting &sighting) {
  const State &state = graph.stateAt(sighting.end);
  std::vector<uint32_t> parties = findParties(sighting.end, sighting.pattern);
  bool lost = mayBeLost(state, parties);
  if (lost)
    doubtAll(sighting.end, sitesOf(state, parties));
  return lost;
}

bool Judge::reportAs(const Group &group, const Sighting &sighting) {
  if (isDoubtful(sighting))
    return false;
  Goal goal = goalOf(sighting.pattern);
  if (helpful)
    goal = standing(goal, sighting);
  return (!helpful || !isEmpty(goal)) && reportGoal(sighting, goal, &group);
}

/// Without a group the defect is not known to show whatever happens.
bool Judge::reportGoal(const Sighting &sighting, const Goal &goal, const Group *group) {
  const Pattern &pattern = sighting.pattern;
  std::set<uint32_t> sites =
      sitesOf(graph.stateAt(sighting.end), findParties(sighting.end, pattern));
  Witness witness(graph, *progress, goal);
  if (!witness.exists()) {
    untracked.merge(sites);
    return false;
  }
  bool endless = pattern.defect == Defect::NeverEnds;
  Verdict verdict{};
  verdict.defect = pattern.defect;
  // A task that waits for what is not known may never come to the end that is shown.
  bool always = group && !endless && !partial && !notes().lostWait && everyEndShows(*group);
  verdict.certainty = always ? Certainty::Definite : Certainty::Possible;
  verdict.site = endless ? nextRest(facts, pattern.culprit.at) : pattern.culprit.at;
  verdict.at = facts.at(verdict.site).at;
  verdict.scope = graph.entry;
  verdict.ownLock = isOwnLock(pattern);
  std::vector<uint32_t> path = witness.path();
  uint32_t last = path.empty() ? 0 : graph.edges[path.back()].to;
  const State &end = graph.stateAt(last);
  std::vector<uint32_t> numbers = tell(graph, path, verdict);
  // What belongs together out of sight may not be what one run takes it to be.
  if (partial && !isOwnLock(pattern) && !verdict.restsOn.empty())
    return false;
  nameParties(verdict, pattern, last, numbers);
  describe(verdict, end, numbers, stuckIn(last, unsigned(end.tasks.size())), pattern,
           !partial || isStandstill(last));
  if (!endless && !partial)
    describeAftermath(verdict, last, pattern, numbers);
  keepRelevant(verdict, sites);
  reported.insert(sites.begin(), sites.end());
  verdicts.push_back(std::move(verdict));
  return true;
}

} // namespace sluice::checker::analysis
