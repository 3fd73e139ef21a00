// Reads and writes schedules, and enumerates them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Schedule.h"

#include "hosts/standalone/ProgramRun.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace sluice::checker::standalone {

Decisions readSchedule(llvm::StringRef text) {
  Decisions all;
  if (text == "0")
    return all;
  llvm::SmallVector<llvm::StringRef> words;
  text.split(words, '-');
  uint64_t place = 0;
  for (llvm::StringRef word : words) {
    auto [distance, way] = word.split('.');
    uint64_t step = 0;
    uint64_t number = 0;
    if (distance.getAsInteger(10, step) || way.getAsInteger(10, number))
      return {}; // not the runtime's
    place += step;
    all.push_back({place, number});
  }
  return all;
}

std::string writeSchedule(const Decisions &decisions) {
  std::string text;
  uint64_t from = 0;
  for (const Decision &decision : decisions) {
    text += (text.empty() ? "" : "-") + std::to_string(decision.place - from) + "." +
            std::to_string(decision.way);
    from = decision.place;
  }
  return text.empty() ? "0" : text;
}

std::optional<std::string> ScheduleSpace::next(size_t index) {
  if (pending.empty())
    return std::nullopt;
  auto least = pending.begin();
  Start start = std::move(least->second.front());
  least->second.pop_front();
  if (least->second.empty())
    pending.erase(least);
  std::string text = writeSchedule(start.decisions);
  running.emplace(index, std::move(start));
  return text;
}

/// `start` up to the decision, and there the other way.
void ScheduleSpace::add(Start start, const Alternative &other) {
  start.decisions.erase(
      llvm::find_if(start.decisions, [&](const Decision &d) { return d.place >= other.place; }),
      start.decisions.end());
  start.decisions.push_back({other.place, other.way});
  start.settled = other.place + 1;
  start.interruptions = other.interrupts;
  for (const Decision &d : start.decisions)
    start.interruptions += d.interrupts;
  start.decisions.back().interrupts = other.interrupts;
  if (!reduced || added.insert(writeSchedule(start.decisions)).second)
    pending[start.interruptions].push_back(std::move(start));
}

/// What races with what may come to light late, so also decisions that were settled count. The
/// ordinary way is the first that is taken at any.
bool ScheduleSpace::addRelevant(const Start &start, const RunOutcome &outcome) {
  const auto alternatives = relevantAlternatives(outcome.trace);
  if (outcome.trace.empty() || !alternatives)
    return false;
  for (const Alternative &other : *alternatives)
    if (other.way != 0)
      add(start, other);
  return true;
}

void ScheduleSpace::addAll(const Start &start, llvm::StringRef ways) {
  for (uint64_t place = 0; !ways.empty(); ++place) {
    uint64_t count = 0;
    if (ways.consumeInteger(10, count) || ways.empty())
      return; // not the runtime's
    const bool interrupts = ways.front() == 'p';
    ways = ways.drop_front();
    for (uint64_t way = 1; place >= start.settled && way < count; ++way)
      add(start, {place, way, interrupts});
  }
}

void ScheduleSpace::ran(size_t index, const RunOutcome &outcome) {
  const Start start = std::move(running.at(index));
  running.erase(index);
  if (!reduced || !addRelevant(start, outcome))
    addAll(start, outcome.ways);
}

size_t ScheduleSpace::known() const {
  size_t all = running.size();
  for (const auto &[interruptions, starts] : pending)
    all += starts.size();
  return all;
}

std::optional<unsigned> ScheduleSpace::leastInterruptions() const {
  std::optional<unsigned> least;
  if (!pending.empty())
    least = pending.begin()->first;
  for (const auto &[index, start] : running)
    least = std::min(least.value_or(start.interruptions), start.interruptions);
  return least;
}

} // namespace sluice::checker::standalone
