// Makes summaries on demand, and goes round until those of recursive functions stay as they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/Summaries.h"

#include "analysis/locks/FunctionRun.h"

#include <algorithm>

namespace sluice::checker::analysis {
namespace {
/// Different things a function may be handed, before it is judged without looking at them.
constexpr unsigned MostContexts = 8;
constexpr size_t DeepestCalls = 48;
/// Each round is one recursion more; what further ones would add is left out.
constexpr unsigned MostRounds = 3;
const LockSummary Nothing{false, {}, {}};
} // namespace

llvm::BitVector LockSummaries::slotFunctions(const skeleton::Program &program) {
  llvm::BitVector functions(unsigned(program.functions.size()));
  for (const skeleton::Class &klass : program.classes)
    for (const auto &[slot, function] : klass.slots)
      functions.set(function);
  return functions;
}

LockContext LockSummaries::plain(uint32_t function) const {
  LockContext context;
  context.function = function;
  context.arguments.resize(program.functions[function].parameters);
  return context;
}

const LockSummary &LockSummaries::ofEntry(uint32_t function) { return of(plain(function)); }

/// The run under way that `run` comes down to, over those that have ended since.
std::optional<size_t> LockSummaries::underWay(std::optional<size_t> run) const {
  while (run && runs[*run].ended)
    run = runs[*run].rests;
  return run;
}

/// Of the runs that the present one rests on, the outermost counts: it goes round until nothing
/// changes any more.
void LockSummaries::restOn(size_t run) {
  if (stack.empty() || run >= stack.back())
    return;
  std::optional<size_t> &rests = runs[stack.back()].rests;
  rests = std::min(rests.value_or(run), run);
}

const LockSummary &LockSummaries::of(LockContext context) {
  LockKey key = keyOf(context);
  if (!entries.count(key) && contexts[context.function] == MostContexts) {
    context = plain(context.function);
    key = keyOf(context);
  }
  auto [at, isNew] = entries.try_emplace(key);
  Entry &entry = at->second;
  if (isNew)
    ++contexts[context.function];
  if (entry.done)
    return entry.summary;
  if (entry.run) {
    runs[*entry.run].used = true;
    restOn(*entry.run);
    return entry.summary;
  }
  // What rests on a run that is under way is made again in its next round.
  if (std::optional<size_t> on = underWay(entry.rests); on && runs[*on].begun <= entry.made) {
    restOn(*on);
    return entry.summary;
  }
  if (stack.size() == DeepestCalls)
    return Nothing;
  size_t run = runs.size();
  runs.emplace_back();
  stack.push_back(run);
  entry.run = run;
  for (unsigned round = 0;; ++round) {
    runs[run].used = false;
    runs[run].begun = ++rounds;
    LockSummary next = FunctionRun(*this, context).run();
    bool same = keyOf(next) == keyOf(entry.summary);
    entry.summary = std::move(next);
    if (same || !runs[run].used || runs[run].rests || round == MostRounds)
      break;
  }
  stack.pop_back();
  runs[run].ended = true;
  entry.run.reset();
  entry.rests = runs[run].rests;
  entry.made = rounds;
  entry.done = !entry.rests;
  if (entry.rests)
    restOn(*entry.rests);
  return entry.summary;
}

} // namespace sluice::checker::analysis
