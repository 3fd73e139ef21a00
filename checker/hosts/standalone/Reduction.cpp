// Partial-order reduction over the steps of one run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Reduction.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <utility>

namespace sluice::checker::standalone {
namespace {

using llvm::StringRef;

/// What one task did between two points.
struct Step {
  unsigned task = 0;    ///< its number in this run
  bool resumes = false; ///< it ended what its last step began, or starts
  bool decided = false;
  bool interrupts = false;                 ///< any other choice would have
  uint64_t place = 0;                      ///< of the decision
  llvm::SmallVector<unsigned, 4> couldRun; ///< tasks, in the order of the ways
  llvm::SmallVector<unsigned, 2> objects;
  bool aboutAnything = false;
};

/// For each task how many steps of all are known to come before.
using Clock = std::vector<unsigned>;

void join(Clock &into, const Clock &other) {
  if (into.size() < other.size())
    into.resize(other.size());
  for (size_t i = 0; i < other.size(); ++i)
    into[i] = std::max(into[i], other[i]);
}

unsigned at(const Clock &clock, unsigned task) { return task < clock.size() ? clock[task] : 0; }

/// Goes over a trace, and finds steps that race.
class Races {
public:
  /// False: it is none.
  bool read(StringRef trace);
  std::vector<Alternative> alternatives;

private:
  std::optional<Step> readStep(StringRef word);
  bool readTasks(StringRef list, llvm::SmallVectorImpl<unsigned> &to);
  unsigned numberOf(uint64_t id);
  void take(Step step);
  void race(size_t first, const Step &second);
  void order(size_t first, const Step &second, const Clock &before, Clock &now);
  void addCases(uint64_t count);
  void passTime();

  std::vector<Step> steps;
  std::vector<Clock> clocks; ///< after each step
  llvm::DenseMap<uint64_t, unsigned> numbers;
  std::vector<std::optional<size_t>> lastOf; ///< of each task, its last step
  /// Of each task, how many steps were made before it could run again, or first.
  std::vector<std::optional<size_t>> readySince;
  llvm::DenseMap<unsigned, size_t> lastAbout;
  std::optional<size_t> lastAboutAnything;
  Clock passed; ///< what came before timers fired last
  uint64_t place = 0;
};

/// Who is named can run. It was started, or woken, by the step before the first after its own last
/// in which it is named.
unsigned Races::numberOf(uint64_t id) {
  const auto [entry, isNew] = numbers.try_emplace(id, unsigned(lastOf.size()));
  if (isNew) {
    lastOf.emplace_back();
    readySince.emplace_back();
  }
  std::optional<size_t> &since = readySince[entry->second];
  if (!since)
    since = steps.size();
  return entry->second;
}

bool Races::readTasks(StringRef list, llvm::SmallVectorImpl<unsigned> &to) {
  while (!list.empty()) {
    auto [first, rest] = list.split(',');
    uint64_t id = 0;
    if (first.getAsInteger(10, id))
      return false;
    to.push_back(numberOf(id));
    list = rest;
  }
  return true;
}

std::optional<Step> Races::readStep(StringRef word) {
  Step step;
  step.resumes = word.consume_front("=");
  auto [who, objects] = word.split('@');
  auto [task, others] = who.split(':');
  uint64_t id = 0;
  if (task.getAsInteger(10, id))
    return std::nullopt;
  step.interrupts = others.consume_front("p");
  step.decided = !others.empty();
  if (!readTasks(others, step.couldRun))
    return std::nullopt;
  step.task = numberOf(id);
  if (step.decided)
    step.place = place++;
  while (!objects.empty()) {
    auto [object, rest] = objects.split(',');
    unsigned number = 0;
    if (object == "*")
      step.aboutAnything = true;
    else if (object.getAsInteger(10, number))
      return std::nullopt;
    else
      step.objects.push_back(number);
    objects = rest;
  }
  return step;
}

void Races::race(size_t first, const Step &second) {
  const Step &step = steps[first];
  if (!step.decided)
    return;
  const auto *way = llvm::find(step.couldRun, second.task);
  for (size_t i = 0; i < step.couldRun.size(); ++i)
    if (way == step.couldRun.end() || way == step.couldRun.begin() + i)
      alternatives.push_back({step.place, i, step.interrupts && i != 0});
}

/// `before`: what came before the second step, as far as its own task knows.
void Races::order(size_t first, const Step &second, const Clock &before, Clock &now) {
  const unsigned other = steps[first].task;
  if (other != second.task && at(before, other) < at(clocks[first], other))
    race(first, second);
  join(now, clocks[first]);
}

void Races::take(Step step) {
  const std::optional<size_t> last = lastOf[step.task];
  const size_t since = *std::exchange(readySince[step.task], std::nullopt);
  Clock before = passed;
  if (last)
    join(before, clocks[*last]);
  if (step.resumes && since > 0)
    join(before, clocks[since - 1]);
  if (step.resumes && last) {
    llvm::append_range(step.objects, steps[*last].objects);
    step.aboutAnything |= steps[*last].aboutAnything;
  }
  Clock now = before;
  if (step.aboutAnything) {
    for (const std::optional<size_t> &others : lastOf)
      if (others)
        order(*others, step, before, now);
  } else {
    if (lastAboutAnything)
      order(*lastAboutAnything, step, before, now);
    for (unsigned object : step.objects)
      if (const auto found = lastAbout.find(object); found != lastAbout.end())
        order(found->second, step, before, now);
  }
  if (now.size() <= step.task)
    now.resize(step.task + 1);
  ++now[step.task];
  const size_t index = steps.size();
  lastOf[step.task] = index;
  for (unsigned object : step.objects)
    lastAbout[object] = index;
  if (step.aboutAnything)
    lastAboutAnything = index;
  clocks.push_back(std::move(now));
  steps.push_back(std::move(step));
}

void Races::addCases(uint64_t count) {
  for (uint64_t way = 0; way < count; ++way)
    alternatives.push_back({place, way, false});
  ++place;
}

/// Timers fire when nobody can run, so nothing changes places across that.
void Races::passTime() {
  for (const std::optional<size_t> &last : lastOf)
    if (last)
      join(passed, clocks[*last]);
}

bool Races::read(StringRef trace) {
  while (!trace.empty()) {
    auto [word, rest] = trace.split(' ');
    trace = rest;
    uint64_t cases = 0;
    if (word == "t") {
      passTime();
    } else if (word.consume_front("?")) {
      if (word.getAsInteger(10, cases))
        return false;
      addCases(cases);
    } else if (std::optional<Step> step = readStep(word)) {
      take(std::move(*step));
    } else {
      return false;
    }
  }
  return true;
}

} // namespace

std::optional<std::vector<Alternative>> relevantAlternatives(StringRef trace) {
  Races races;
  if (!races.read(trace))
    return std::nullopt;
  return std::move(races.alternatives);
}

} // namespace sluice::checker::standalone
