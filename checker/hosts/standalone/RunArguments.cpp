// The flags of `sluice run`: each carries its help and its effect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/RunArguments.h"

#include "hosts/standalone/Arguments.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <limits>
#include <optional>
#include <tuple>
#include <utility>

namespace sluice::checker::standalone {
namespace {

using llvm::Error;
using llvm::StringRef;

Error mistake(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

struct RunFlag {
  StringRef name;
  StringRef value; ///< what the help calls its value; empty: it takes none
  StringRef help;
  Error (*apply)(RunArguments &arguments, StringRef value);
};

template <auto Member, uint64_t Low, uint64_t High>
Error setNumber(RunArguments &arguments, StringRef value) {
  uint64_t number = 0;
  if (value.getAsInteger(10, number) || number < Low || number > High)
    return mistake(llvm::formatv("'{0}' is not a number from {1} to {2}", value, Low, High).str());
  arguments.*Member = static_cast<std::decay_t<decltype(arguments.*Member)>>(number);
  return Error::success();
}

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

template <bool RunArguments::*Member> Error setFlag(RunArguments &arguments, StringRef) {
  arguments.*Member = true;
  return Error::success();
}

constexpr RunFlag flags[] = {
    {"--explore", "N", "search interleavings in N runs; without it the program runs once, as it is",
     setNumber<&RunArguments::explore, 1, 10'000'000>},
    {"--strategy", "S",
     "'random': each task that can go on is as likely as the others; 'pct': random\n"
     "priorities that change a few times; 'mixed', the default: these two by turns;\n"
     "'exhaustive': every schedule, those that interrupt a task least often first,\n"
     "but one of those that differ only in the order of operations on different objects",
     applyStrategy},
    {"--no-por", "", "exhaustive: all of these, as tasks need that share atomics",
     setFlag<&RunArguments::noPor>},
    {"--seed", "N", "of the first run, the next ones count up; 1 by default",
     setNumber<&RunArguments::seed, 0, std::numeric_limits<uint32_t>::max()>},
    {"--depth", "N", "pct: of how many orders a defect may be made; 3 by default",
     setNumber<&RunArguments::depth, 1, 100>},
    {"-j", "N", "runs at a time; one a processor by default",
     setNumber<&RunArguments::jobs, 1, 1024>},
    {"--timeout", "SECONDS", "a run that takes longer is killed and counted; 60 by default",
     setNumber<&RunArguments::timeout, 1, 1'000'000>},
    {"--quiet", "", "no progress", setFlag<&RunArguments::quiet>},
    {"--help", "", "this text", setFlag<&RunArguments::help>},
};

const RunFlag *findFlag(StringRef name) {
  const RunFlag *found =
      llvm::find_if(flags, [name](const RunFlag &flag) { return flag.name == name; });
  return found == std::end(flags) ? nullptr : found;
}

Error unknown(StringRef name) {
  llvm::SmallVector<StringRef> names;
  for (const RunFlag &flag : flags)
    names.push_back(flag.name);
  return mistake("unknown flag '" + name + "'" + suggestion(name, names) +
                 "; 'sluice run --help' lists all");
}

/// Applies the flag at the front of `rest` and takes it away.
Error readFlag(RunArguments &arguments, llvm::ArrayRef<StringRef> &rest) {
  auto [name, value] = rest.front().split('=');
  if (rest.front().starts_with("-j")) // a short one takes its value as make's does, too
    std::tie(name, value) = std::pair(rest.front().take_front(2), rest.front().drop_front(2));
  const bool attached = name.size() != rest.front().size();
  rest = rest.drop_front();
  const RunFlag *flag = findFlag(name);
  if (!flag)
    return unknown(name);
  if (flag->value.empty() && attached)
    return mistake(name + " takes no value");
  if (!flag->value.empty() && !attached) {
    if (rest.empty())
      return mistake(name + " needs a value: " + flag->value);
    value = rest.front();
    rest = rest.drop_front();
  }
  if (Error wrong = flag->apply(arguments, value))
    return mistake(name + ": " + llvm::toString(std::move(wrong)));
  return Error::success();
}

} // namespace

llvm::Expected<RunArguments> readRunArguments(llvm::ArrayRef<StringRef> rest) {
  RunArguments arguments;
  while (!rest.empty() && rest.front().starts_with("-") && rest.front() != "--")
    if (Error wrong = readFlag(arguments, rest))
      return std::move(wrong);
  if (!rest.empty() && rest.front() == "--")
    rest = rest.drop_front();
  for (StringRef word : rest)
    arguments.command.push_back(word.str());
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
  for (const RunFlag &flag : flags) {
    std::string head = (flag.name + (flag.value.empty() ? "" : " " + flag.value)).str();
    auto [first, more] = flag.help.split('\n');
    out << llvm::formatv("  {0,-20}{1}\n", head, first);
    for (; !more.empty(); more = more.split('\n').second)
      out << llvm::formatv("  {0,-20}{1}\n", "", more.split('\n').first);
  }
  out << "\nExit status: 0 nothing found, 1 findings, 2 the program could not be run; without "
         "--explore the\nprogram's own.\n";
}

} // namespace sluice::checker::standalone
