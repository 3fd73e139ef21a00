// Reads and writes schedules, and enumerates them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Schedule.h"

#include "hosts/standalone/ProgramRun.h"

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

void ScheduleSpace::ran(size_t index, const RunOutcome &outcome) {
  const Start start = std::move(running.at(index));
  running.erase(index);
  llvm::StringRef ways = outcome.ways;
  for (uint64_t place = 0; !ways.empty(); ++place) {
    uint64_t count = 0;
    if (ways.consumeInteger(10, count) || ways.empty())
      return; // not the runtime's
    const bool interrupts = ways.front() == 'p';
    ways = ways.drop_front();
    if (place < start.settled)
      continue;
    const unsigned interruptions = start.interruptions + interrupts;
    for (uint64_t way = 1; way < count; ++way) {
      Start other = start;
      other.decisions.push_back({place, way});
      other.settled = place + 1;
      other.interruptions = interruptions;
      pending[interruptions].push_back(std::move(other));
    }
  }
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
