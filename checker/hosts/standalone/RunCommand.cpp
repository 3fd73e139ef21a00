// Runs a program many times, sums up what the runs found, and shows how to see it again.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/RunCommand.h"

#include "findings/Summary.h"
#include "hosts/standalone/CheckCommand.h"
#include "hosts/standalone/GuidedSearch.h"
#include "hosts/standalone/ProgramRun.h"
#include "hosts/standalone/Progress.h"
#include "hosts/standalone/Schedule.h"
#include "hosts/standalone/Shrinker.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <thread>
#include <tuple>
#include <unistd.h>

namespace sluice::checker::standalone {
namespace {

using findings::counted;

constexpr unsigned runsToShrink = 200; // of one finding

/// One defect over all runs.
struct Sighting {
  size_t runs = 0;
  size_t first = 0;
  RunOutcome run; ///< the first
};

struct Tally {
  std::map<std::string, Sighting> sightings;
  size_t done = 0, withFindings = 0, stepLimits = 0, timeOuts = 0;
  std::string couldNotStart;
  bool reported = false;

  void add(size_t index, const RunOutcome &outcome);
};

void Tally::add(size_t index, const RunOutcome &outcome) {
  ++done;
  reported = reported || outcome.reported;
  stepLimits += outcome.end == RunEnd::StepLimit;
  timeOuts += outcome.end == RunEnd::TimedOut;
  if (outcome.end == RunEnd::CouldNotStart)
    couldNotStart = outcome.failure;
  std::vector<std::string> found = outcome.findings;
  if (outcome.end == RunEnd::Failed)
    found.push_back(outcome.failure);
  withFindings += !found.empty();
  for (const std::string &finding : found) {
    Sighting &sighting = sightings[finding];
    if (sighting.runs++ == 0 || index < sighting.first) {
      sighting.first = index;
      sighting.run = outcome;
    }
  }
}

bool usesPct(Strategy strategy, size_t index) {
  return strategy == Strategy::Pct || (strategy == Strategy::Mixed && index % 2 == 1);
}

/// Decides how each run goes.
class Plan {
public:
  Plan(const RunArguments &arguments, const GuidedSearch &search)
      : arguments(arguments), search(search), space(!arguments.noPor) {}

  std::optional<std::string> optionsOf(size_t index) {
    const std::string seed = ":seed=" + std::to_string(arguments.seed + index);
    if (const auto guided = search.optionsOf(index))
      return *guided + seed;
    if (arguments.strategy == Strategy::Exhaustive) {
      const auto schedule = space.next(index);
      return schedule ? std::optional("explore=replay:schedule=" + *schedule) : std::nullopt;
    }
    // With a guide every other run is guided, and those between are mixed.
    const size_t turn = arguments.guide.empty() ? index : index / 2;
    if (!usesPct(arguments.strategy, turn))
      return "explore=random" + seed;
    return "explore=pct" + seed + ":depth=" + std::to_string(arguments.depth) +
           ":length=" + std::to_string(length);
  }

  void ran(size_t index, const RunOutcome &outcome) {
    if (index == 0 && outcome.steps)
      length = outcome.steps;
    if (arguments.strategy == Strategy::Exhaustive)
      space.ran(index, outcome);
  }

  /// What is to be said of the schedules that were run; empty for those drawn at random.
  std::string coverage() const {
    if (arguments.strategy != Strategy::Exhaustive)
      return "";
    const auto least = space.leastInterruptions();
    if (!least)
      return arguments.noPor ? "these are all schedules"
                             : "these are all schedules that can differ, unless tasks share memory "
                               "behind the library's back; see '--no-por'";
    if (!arguments.noPor)
      return "at least " + counted(space.known(), "schedule") + " more can differ";
    if (*least == 0)
      return "there are more schedules, also some that interrupt no task";
    return "all schedules that interrupt a task less than " +
           (*least == 1 ? "once" : std::to_string(*least) + " times") + " are among them";
  }

private:
  const RunArguments &arguments;
  const GuidedSearch &search;
  uint64_t length = 150; // of a run, in scheduling points, as the first one was
  ScheduleSpace space;
};

/// The command that does the run with `options` again. The file of a guided run's steps goes with
/// this process, so that run is done again as the last of a search.
std::string againFor(const RunArguments &arguments, const std::string &options,
                     const Sighting &sighting) {
  const std::string program = llvm::join(arguments.command, " ");
  if (!llvm::StringRef(options).starts_with("explore=guided"))
    return "SLUICE_OPTIONS=" + options + " " + program;
  return "sluice run --explore " + std::to_string(sighting.first + 1) + " --guide " +
         arguments.guide + " --seed " + std::to_string(arguments.seed) + " -- " + program;
}

/// What a run wrote, with a line that says how to see it again. The runtime's own is right unless
/// it names a file that is gone by then, or the run ended before the runtime could write it.
std::string withReplay(std::string text, const std::string &again) {
  const size_t at = text.find("\nreplay: ");
  if (at == std::string::npos)
    return text + "replay: " + again + '\n';
  const size_t begin = at + 1, end = text.find('\n', begin);
  if (llvm::StringRef(text).substr(begin).starts_with("replay: SLUICE_OPTIONS=explore=guided"))
    text.replace(begin, end - begin, "replay: " + again);
  return text;
}

/// What to add to SLUICE_OPTIONS to see the finding again, and what to say of it.
std::pair<std::string, std::string> replayOf(ProgramRunner &runner, const std::string &finding,
                                             const Sighting &sighting) {
  const RunOutcome &run = sighting.run;
  if (run.schedule.empty())
    return {run.options, ""};
  const std::string shorter = shrink(runner, run.schedule, finding, runsToShrink);
  if (shorter.empty())
    return {run.options, "; not seen again under the same schedule, so something else decides too"};
  return {"explore=replay:schedule=" + shorter, "; " + counted(decisionsIn(shorter), "decision") +
                                                    ", shrunk from " +
                                                    std::to_string(decisionsIn(run.schedule))};
}

/// In the order in which they were first seen.
void show(const RunArguments &arguments, ProgramRunner &runner, const Tally &tally) {
  std::vector<const std::pair<const std::string, Sighting> *> order;
  for (const auto &entry : tally.sightings)
    order.push_back(&entry);
  std::sort(order.begin(), order.end(), [](auto *a, auto *b) {
    return std::tie(a->second.first, a->first) < std::tie(b->second.first, b->first);
  });
  size_t number = 0;
  for (const auto *entry : order) {
    const auto &[finding, sighting] = *entry;
    const auto [options, remark] = replayOf(runner, finding, sighting);
    llvm::outs() << ++number << ". " << finding << "\n   in " << sighting.runs << " of "
                 << counted(tally.done, "run") << ", first in run " << sighting.first + 1 << remark
                 << "\n\n";
    llvm::outs() << withReplay(runner.textOf(options), againFor(arguments, options, sighting))
                 << '\n';
    llvm::outs().flush();
  }
}

void sumUp(const Tally &tally, const std::string &coverage, double seconds) {
  llvm::outs() << "sluice: " << counted(tally.sightings.size(), "finding") << " in "
               << counted(tally.done, "run") << ": " << tally.withFindings << " with findings, "
               << tally.stepLimits << " at the step limit, " << tally.timeOuts << " timed out; "
               << llvm::formatv("{0:f1} s\n", seconds);
  if (!coverage.empty())
    llvm::outs() << "sluice: " << coverage << "\n";
}

/// All runs; false: the user has interrupted them. The first is made alone, since the others go by
/// its length.
bool runAll(const RunArguments &arguments, ProgramRunner &runner, GuidedSearch &search, Plan &plan,
            Tally &tally) {
  Progress progress(arguments.explore, arguments.quiet);
  const unsigned jobs =
      arguments.jobs ? arguments.jobs : std::max(1u, std::thread::hardware_concurrency());
  const auto from = [&](size_t first, size_t count, unsigned atATime) {
    return runner.runAll(
        count, atATime, [&](size_t index) { return plan.optionsOf(first + index); },
        [&](size_t index, const RunOutcome &outcome) {
          tally.add(first + index, outcome);
          search.ran(first + index, outcome);
          plan.ran(first + index, outcome);
          progress.finished(counted(tally.sightings.size(), "finding"));
        });
  };
  return from(0, 1, 1) && (!tally.couldNotStart.empty() || from(1, arguments.explore - 1, jobs));
}

/// What kept the program from being searched; empty if nothing.
std::string obstacle(const RunArguments &arguments, const Tally &tally) {
  const std::string &program = arguments.command.front();
  if (!tally.couldNotStart.empty())
    return "cannot run '" + program + "': " + tally.couldNotStart;
  if (tally.done && !tally.reported && tally.sightings.empty() &&
      tally.timeOuts + tally.stepLimits == 0)
    return "'" + program +
           "' wrote no report: it is not linked with the runtime, or starts no task";
  return "";
}

int explore(const RunArguments &arguments) {
  const auto begin = std::chrono::steady_clock::now();
  std::vector<Guide> guides;
  if (!arguments.guide.empty()) {
    auto read = readGuides(arguments.guide);
    if (!read)
      return fail(llvm::toString(read.takeError()));
    guides = std::move(*read);
  }
  ProgramRunner runner(arguments.command, std::chrono::seconds(arguments.timeout));
  auto search = GuidedSearch::create(std::move(guides), runner);
  if (!search)
    return fail(llvm::toString(search.takeError()));
  Tally tally;
  Plan plan(arguments, *search);
  const bool whole = runAll(arguments, runner, *search, plan, tally);
  if (const std::string why = obstacle(arguments, tally); !why.empty())
    return fail(why);
  show(arguments, runner, tally);
  if (!whole)
    llvm::outs() << "sluice: interrupted after " << tally.done << " of "
                 << counted(arguments.explore, "run") << "\n";
  const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  search->sumUp(arguments.guide);
  sumUp(tally, plan.coverage(), passed.count());
  return !tally.sightings.empty() ? FindingsFound : whole ? NothingFound : CouldNotJudge;
}

int runAsItIs(const RunArguments &arguments) {
  std::vector<char *> words;
  for (const std::string &word : arguments.command)
    words.push_back(const_cast<char *>(word.c_str())); // execvp does not write to them
  words.push_back(nullptr);
  execvp(words.front(), words.data());
  return fail("cannot run '" + arguments.command.front() + "': " + std::strerror(errno));
}

} // namespace

int runProgram(const RunArguments &arguments) {
  return arguments.explore ? explore(arguments) : runAsItIs(arguments);
}

} // namespace sluice::checker::standalone
