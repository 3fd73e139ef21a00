// The flags of `sluice run`: each carries its help and its effect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/RunArguments.h"

#include "hosts/standalone/Flags.h"

#include "llvm/ADT/StringSwitch.h"

#include <limits>

namespace sluice::checker::standalone {
namespace {

using llvm::Error;
using llvm::StringRef;

Error applyStrategy(RunArguments &arguments, StringRef value) {
  const auto chosen = llvm::StringSwitch<std::optional<Strategy>>(value)
                          .Case("mixed", Strategy::Mixed)
                          .Case("random", Strategy::Random)
                          .Case("pct", Strategy::Pct)
                          .Case("exhaustive", Strategy::Exhaustive)
                          .Default(std::nullopt);
  if (!chosen)
    return mistake("'" + value +
                   "' is no strategy; it takes 'mixed', 'random', 'pct' or 'exhaustive'");
  arguments.strategy = *chosen;
  return Error::success();
}

constexpr Flag<RunArguments> flags[] = {
    {"--explore", "N", "search interleavings in N runs; without it the program runs once, as it is",
     setNumber<&RunArguments::explore, 1, 10'000'000>},
    {"--strategy", "S",
     "'random': each task that can go on is as likely as the others; 'pct': random\n"
     "priorities that change a few times; 'mixed', the default: these two by turns;\n"
     "'exhaustive': every schedule, those that interrupt a task least often first,\n"
     "and one of those that differ only in the order of operations on different objects",
     applyStrategy},
    {"--no-por", "", "exhaustive: all of these, as tasks need that share atomics",
     setFlag<&RunArguments::noPor>},
    {"--seed", "N", "of the first run, the next ones count up; 1 by default",
     setNumber<&RunArguments::seed, 0, std::numeric_limits<uint32_t>::max()>},
    {"--depth", "N", "pct: of how many orders a defect may be made; 3 by default",
     setNumber<&RunArguments::depth, 1, 100>},
    {"--guide", "FILE",
     "looks for the findings that 'sluice check --format sarif' has written there: every\n"
     "other run goes the way of the witness of one; says which were seen. The program\n"
     "needs debug information ('-g')",
     setText<&RunArguments::guide>},
    {"-j", "N", "runs at a time; one a processor by default",
     setNumber<&RunArguments::jobs, 1, 1024>},
    {"--timeout", "SECONDS", "a run that takes longer is killed and counted; 60 by default",
     setNumber<&RunArguments::timeout, 1, 1'000'000>},
    {"--quiet", "", "no progress", setFlag<&RunArguments::quiet>},
    {"--help", "", "this text", setFlag<&RunArguments::help>},
};

} // namespace

llvm::Expected<RunArguments> readRunArguments(llvm::ArrayRef<StringRef> rest) {
  RunArguments arguments;
  while (!rest.empty() && rest.front().starts_with("-") && rest.front() != "--")
    if (Error wrong = readFlag<RunArguments>(flags, "sluice run", arguments, rest))
      return std::move(wrong);
  if (!rest.empty() && rest.front() == "--")
    rest = rest.drop_front();
  for (StringRef word : rest)
    arguments.command.push_back(word.str());
  if (!arguments.guide.empty() && !arguments.explore)
    return mistake("--guide is for a search: add '--explore N'");
  if (!arguments.guide.empty() && arguments.strategy == Strategy::Exhaustive)
    return mistake("--guide goes with the strategies 'random', 'pct' and 'mixed'; 'exhaustive' "
                   "comes to every schedule without it");
  if (arguments.command.empty() && !arguments.help)
    return mistake("run needs a program: 'sluice run --explore 100 -- ./store_test'");
  return arguments;
}

void printRunHelp(llvm::raw_ostream &out) {
  out << "usage: sluice run [--explore N] [FLAGS] -- PROGRAM [ARGUMENTS]\n\n"
         "Runs a program that is linked with the runtime; with --explore many times, each time "
         "with "
         "another\ninterleaving of its tasks. Prints each defect once, with the shortest schedule "
         "found that shows it.\n\n";
  printFlags<RunArguments>(out, flags);
  out << "\nExit status: 0 nothing found, 1 findings, 2 the program could not be run; without "
         "--explore the\nprogram's own.\n";
}

} // namespace sluice::checker::standalone
