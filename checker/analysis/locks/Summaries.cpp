// Makes summaries on demand, and goes round until those of recursive functions stay as they are.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "analysis/locks/Summaries.h"

#include "analysis/locks/FunctionRun.h"

#include <algorithm>

namespace sluice::checker::analysis {
namespace {
/// Different things a function may be handed, before it is judged without looking at them.
constexpr unsigned MostContexts = 8;
constexpr unsigned DeepestCalls = 48;
/// Each round is one recursion more; what further ones would add is left out.
constexpr unsigned MostRounds = 3;
const LockSummary Nothing{false, {}, {}};
} // namespace

LockContext LockSummaries::plain(uint32_t function) const {
  LockContext context;
  context.function = function;
  context.arguments.resize(program.functions[function].parameters);
  return context;
}

const LockSummary &LockSummaries::ofEntry(uint32_t function) { return of(plain(function)); }

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
  if (entry.depth) {
    entry.used = true;
    lowest = std::min(lowest, entry.depth);
    return entry.summary;
  }
  if (depth == DeepestCalls)
    return Nothing;
  entry.depth = ++depth;
  unsigned outer = lowest, mine = depth;
  for (unsigned round = 0;; ++round) {
    entry.used = false;
    lowest = depth;
    LockSummary next = FunctionRun(*this, context).run();
    bool same = keyOf(next) == keyOf(entry.summary);
    entry.summary = std::move(next);
    if (same || !entry.used || round == MostRounds)
      break;
  }
  // What rests on a summary that is not finished is made again when it is asked for again.
  entry.done = lowest >= mine;
  entry.depth = 0;
  --depth;
  lowest = std::min(outer, lowest);
  return entry.summary;
}

} // namespace sluice::checker::analysis
