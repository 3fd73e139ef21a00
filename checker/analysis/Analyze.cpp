// Judges every scope of a program, and sums up what was judged.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/Bounds.h"
#include "analysis/client/ClassScopes.h"
#include "analysis/explore/Scopes.h"
#include "analysis/local/Local.h"
#include "analysis/locks/OrderCycles.h"
#include "analysis/slice/Slicer.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

namespace sluice::checker::analysis {
using namespace skeleton;
namespace {

/// The state of one making over all scopes: reported wins, then verified, then the first reason for
/// no verdict.
class Ledger {
public:
  explicit Ledger(const Facts &facts) : facts(facts), entries(facts.sites.size()) {}
  void add(const Facts &explored, const Judge &judge, uint32_t scope);
  bool isJudged(const InstructionRef &ref) const;
  void report(uint32_t site) { entries[site].state = Coverage::State::Reported; }
  std::vector<Coverage::Entry> close();

private:
  void noVerdict(uint32_t site, NoVerdict why, const std::string &detail);

  const Facts &facts;
  struct Seen {
    std::optional<Coverage::State> state;
    NoVerdict why = NoVerdict::NotReached;
    std::string detail;
    std::vector<uint32_t> scopes;
  };
  std::vector<Seen> entries;
};

void Ledger::noVerdict(uint32_t site, NoVerdict why, const std::string &detail) {
  if (entries[site].state)
    return;
  entries[site].state = Coverage::State::None;
  entries[site].why = why;
  entries[site].detail = detail;
}

/// `explored` may be of a program with more functions than this one.
void Ledger::add(const Facts &explored, const Judge &judge, uint32_t scope) {
  const Notes &notes = judge.notes();
  for (uint32_t made : notes.made) {
    uint32_t site = facts.siteOf(explored.sites[made]);
    entries[site].scopes.push_back(scope);
    auto unknown = notes.unknown.find(made);
    if (judge.reported.count(made))
      entries[site].state = Coverage::State::Reported;
    else if (notes.gaveUp)
      noVerdict(site, *notes.gaveUp, notes.detail);
    else if (judge.untracked.count(made))
      noVerdict(site, NoVerdict::UntrackedCondition, "");
    else if (judge.unequal.count(made))
      noVerdict(site, NoVerdict::UnequalBounds, "");
    else if (notes.lost.count(made))
      noVerdict(site, NoVerdict::LostHandle, "");
    else if (notes.suspended.count(made))
      noVerdict(site, NoVerdict::Suspended, "");
    else if (unknown != notes.unknown.end())
      noVerdict(site, NoVerdict::UnknownCallee, unknown->second);
    else if (notes.escaped.count(made))
      noVerdict(site, NoVerdict::Escapes, "");
    else if (!judge.onlyReports() && entries[site].state != Coverage::State::Reported)
      entries[site].state = Coverage::State::Verified;
  }
}

bool Ledger::isJudged(const InstructionRef &ref) const {
  const auto &state = entries[facts.siteOf(ref)].state;
  return state && *state != Coverage::State::None;
}

bool isReached(const Coverage::Entry &entry) {
  return entry.state != Coverage::State::None || entry.why != NoVerdict::NotReached;
}

/// A member with an initialiser is made by every constructor, those that nobody runs included: of
/// the makings at one place only those that were reached count.
void foldUnreached(std::vector<Coverage::Entry> &list) {
  auto key = [](const Coverage::Entry &entry) {
    const PrimitiveRef &it = entry.primitive;
    return std::tuple(it.madeAt, it.kind, it.name);
  };
  std::set<decltype(key(list[0]))> seen;
  for (const Coverage::Entry &entry : list)
    if (isReached(entry))
      seen.insert(key(entry));
  std::erase_if(list, [&](const Coverage::Entry &entry) {
    return !isReached(entry) && !seen.insert(key(entry)).second;
  });
}

std::vector<Coverage::Entry> Ledger::close() {
  std::vector<Coverage::Entry> list;
  for (uint32_t site = 1; site != facts.sites.size(); ++site) {
    if (facts.at(facts.sites[site]).op != Opcode::Make)
      continue;
    const Seen &seen = entries[site];
    list.push_back({primitiveAt(facts, site), seen.state.value_or(Coverage::State::None), seen.why,
                    seen.detail, seen.scopes});
  }
  std::sort(list.begin(), list.end(), [](const Coverage::Entry &a, const Coverage::Entry &b) {
    return std::tie(a.primitive.madeAt, a.primitive.makeSite) <
           std::tie(b.primitive.madeAt, b.primitive.makeSite);
  });
  foldUnreached(list);
  return list;
}

void keepDistinct(std::vector<Verdict> &verdicts) {
  // Of a lock that several paths keep, the place where it was taken is the defect.
  auto key = [](const Verdict &v) {
    return std::tuple(v.at, v.defect == Defect::KeptLock ? InstructionRef() : v.site, v.defect);
  };
  // A scope that sees where the primitive is made tells more than one that is handed it, and what
  // the program does more than what a client of a class could do.
  auto rank = [](const Verdict &v) {
    const std::vector<PrimitiveRef> &on = v.tasks[v.culprit].on;
    return std::tuple(on.empty() || !on.front().madeAt.valid(), v.ofClass, v.scope);
  };
  std::sort(verdicts.begin(), verdicts.end(), [&](const Verdict &a, const Verdict &b) {
    return std::pair(key(a), rank(a)) < std::pair(key(b), rank(b));
  });
  auto same = [&](const Verdict &a, const Verdict &b) { return key(a) == key(b); };
  verdicts.erase(std::unique(verdicts.begin(), verdicts.end(), same), verdicts.end());
  // A function that never ends is one defect, wherever in it that is seen.
  std::set<FunctionId> endless;
  std::erase_if(verdicts, [&](const Verdict &v) {
    return v.defect == Defect::NeverEnds && !endless.insert(v.site.function).second;
  });
}

/// A canceller that is never called, and the task that waits for its context or never ends with it
/// in hand, are one defect: the task's operation tells it.
void dropExplainedCancels(std::vector<Verdict> &verdicts) {
  std::vector<Span> awaited;
  for (const Verdict &v : verdicts) {
    for (const PrimitiveRef &known : v.contexts)
      awaited.push_back(known.madeAt);
    for (const PrimitiveRef &on : v.tasks[v.culprit].on)
      if (v.defect != Defect::UncalledCancel && on.kind == PrimitiveKind::Context)
        awaited.push_back(on.madeAt);
  }
  std::erase_if(verdicts, [&](const Verdict &v) {
    return v.defect == Defect::UncalledCancel &&
           std::find(awaited.begin(), awaited.end(), v.at) != awaited.end();
  });
}

/// Whether the task that `v` is about waits for ever for a lock made at `made`.
bool waitsFor(const Verdict &v, const Span &made) {
  if (v.defect != Defect::BlockedForever && v.defect != Defect::Deadlock)
    return false;
  const TaskRef &culprit = v.tasks[v.culprit];
  return culprit.operation == Opcode::Lock &&
         std::any_of(culprit.on.begin(), culprit.on.end(),
                     [&](const PrimitiveRef &on) { return on.madeAt == made; });
}

bool someoneHolds(const Verdict &v, const Span &made) {
  return std::any_of(v.tasks.begin(), v.tasks.end(), [&](const TaskRef &task) {
    return std::any_of(task.holds.begin(), task.holds.end(),
                       [&](const PrimitiveRef &held) { return held.madeAt == made; });
  });
}

/// A lock that its task keeps, and those who wait for it for ever, are one defect. The place where
/// it was taken tells it, unless the task that keeps it is stuck itself for want of it.
void dropExplainedLocks(std::vector<Verdict> &verdicts) {
  std::vector<Span> stuck, kept;
  for (const Verdict &v : verdicts)
    for (const PrimitiveRef &on : v.tasks[v.culprit].on)
      if (waitsFor(v, on.madeAt) && someoneHolds(v, on.madeAt))
        stuck.push_back(on.madeAt);
  std::erase_if(verdicts, [&](const Verdict &v) {
    return v.defect == Defect::KeptLock &&
           std::find(stuck.begin(), stuck.end(), v.lock.madeAt) != stuck.end();
  });
  for (const Verdict &v : verdicts)
    if (v.defect == Defect::KeptLock)
      kept.push_back(v.lock.madeAt);
  std::erase_if(verdicts, [&](const Verdict &v) {
    return std::any_of(kept.begin(), kept.end(),
                       [&](const Span &made) { return waitsFor(v, made); });
  });
}

/// What is left for class scopes, whatever the others take.
constexpr uint64_t ShareOfClasses = 4;
/// Most scopes are small. They are all judged before a large one can use the unit's budget up: each
/// round takes those that are done within so many states.
constexpr uint64_t Rounds[] = {20, 100, 500, 2500, std::numeric_limits<uint64_t>::max()};

/// A scope with more states begins anew in the next round, which takes a fifth of that round more:
/// of a program with many files, many scopes are open at the same time.
constexpr size_t MostKept = 100;

/// The program as the judges of some scopes see it.
struct View {
  explicit View(Slice sliced) : sliced(std::move(sliced)), facts(*this->sliced.program) {}
  Slice sliced;
  Facts facts;
};

/// Constructors and destructors alone are for a client of their class to judge.
bool isWanted(const Facts &facts, const Options &options, const ScopeEntry &entry) {
  return !options.widened || (options.widened->count(entry.function) &&
                              !facts.program.functions[entry.function].exclusive);
}

/// Judges the scopes that entries open, the small ones first. `left` is what is left of the unit's
/// budget.
void judgeEntries(const Facts &facts, const Options &options, Options &left, AddJudge add) {
  if (options.widened && options.widened->empty()) // joined for the orders of locks alone
    return;
  // Where all that can show is a lock that is taken twice: less of what the others see.
  std::optional<View> ofLocks;
  auto factsFor = [&](const ScopeEntry &entry) -> const Facts & {
    if (entry.locksOnly && !ofLocks)
      ofLocks.emplace(slice(facts.program, Keep::Locks));
    return entry.locksOnly ? ofLocks->facts : facts;
  };
  std::vector<std::unique_ptr<Judge>> open;
  for (const ScopeEntry &entry : chooseScopes(facts))
    if (isWanted(facts, options, entry))
      open.push_back(std::make_unique<Judge>(factsFor(entry), entry));
  for (uint64_t most : Rounds) {
    left.statesPerScope = std::min(most, options.statesPerScope);
    for (std::unique_ptr<Judge> &judge : open) {
      left.stepsPerUnit += judge->steps();
      const bool done = judge->explore(left) || judge->notes().gaveUp != NoVerdict::OverBudget;
      if (!done && judge->mostStates(left) < judge->mostStates(options)) {
        left.stepsPerUnit -= judge->steps();
        if (judge->states() > MostKept)
          judge = std::make_unique<Judge>(factsFor(judge->entry()), judge->entry());
        continue;
      }
      if (judge->notes().gaveUp == NoVerdict::OverBudget && left.probesPerUnit != 0) {
        --left.probesPerUnit;
        judge->probe(left);
      }
      judge->conclude();
      takeBackUnequal(factsFor(judge->entry()), left, *judge);
      add(factsFor(judge->entry()), *judge, judge->entry().function);
      judge.reset();
    }
    std::erase(open, nullptr);
  }
}

void markUnexplored(std::vector<Verdict> &verdicts, size_t from) {
  for (size_t index = from; index < verdicts.size(); ++index)
    verdicts[index].unexplored = true;
}

/// Most units of a codebase have no task and nothing to wait for.
bool communicates(const Program &program) {
  auto matters = [](const Instruction &instruction) {
    return instruction.op == Opcode::Spawn ||
           (instruction.op >= Opcode::Make && instruction.op <= Opcode::Cancel);
  };
  return llvm::any_of(program.functions, [&](const Function &function) {
    return llvm::any_of(function.blocks,
                        [&](const Block &block) { return llvm::any_of(block.code, matters); });
  });
}

} // namespace

Result analyze(const Program &program, const Options &options) {
  Result result;
  if (!communicates(program))
    return result;
  Slice sliced = slice(program);
  Facts facts(*sliced.program);
  Ledger ledger(facts);
  Options left = options;
  auto add = [&](const Facts &explored, Judge &judge, FunctionId entry) {
    ledger.add(explored, judge, uint32_t(result.coverage.scopes.size()));
    result.coverage.scopes.push_back(
        {entry, judge.states(), !judge.notes().gaveUp, judge.notes().assumed});
    result.coverage.states += judge.states();
    left.stepsPerUnit -= judge.steps();
    std::move(judge.verdicts.begin(), judge.verdicts.end(), std::back_inserter(result.verdicts));
  };
  uint64_t ofClasses = options.widened ? 0 : options.stepsPerUnit / ShareOfClasses;
  left.stepsPerUnit -= ofClasses;
  judgeEntries(facts, options, left, add);
  left.stepsPerUnit += ofClasses;
  if (!options.widened) {
    judgeClasses(
        program, *sliced.program, left,
        [&](const InstructionRef &ref) { return ledger.isJudged(ref); }, add);
    size_t explored = result.verdicts.size();
    judgeLocally(program, result.verdicts);
    markUnexplored(result.verdicts, explored);
  }
  keepDistinct(result.verdicts);
  dropExplainedCancels(result.verdicts);
  dropExplainedLocks(result.verdicts);
  std::set<uint32_t> ordered;
  if (options.ordersOfEntries) {
    size_t explored = result.verdicts.size();
    findOrderCycles(program, facts, *sliced.aliases, result.verdicts, ordered);
    markUnexplored(result.verdicts, explored);
  }
  for (uint32_t site : ordered)
    ledger.report(site);
  keepDistinct(result.verdicts);
  result.coverage.primitives = ledger.close();
  return result;
}

} // namespace sluice::checker::analysis
