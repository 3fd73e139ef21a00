// The flags of `sluice check`: each carries its help and its effect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Arguments.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace sluice::checker::standalone {
namespace {

using llvm::Error;
using llvm::StringRef;

Error mistake(const llvm::Twine &text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text);
}

struct Flag {
  StringRef name;
  StringRef value; ///< what the help calls its value; empty: it takes none; "[=X]": it may follow
  StringRef help;
  Error (*apply)(CheckArguments &arguments, StringRef value);
};

Error applyFormat(CheckArguments &arguments, StringRef value) {
  if (value != "text" && value != "sarif")
    return mistake("--format: '" + value + "' is no format; it takes 'text' or 'sarif'");
  arguments.format = value == "text" ? Format::Text : Format::Sarif;
  return Error::success();
}

Error applyFailOn(CheckArguments &arguments, StringRef value) {
  if (value == "style")
    arguments.failOn = findings::Severity::Style;
  else if (value == "warning")
    arguments.failOn = findings::Severity::Warning;
  else if (value == "never")
    arguments.failOn = std::nullopt;
  else
    return mistake("--fail-on: '" + value +
                   "' is no severity; it takes 'style', 'warning' or "
                   "'never'");
  return Error::success();
}

Error applyJobs(CheckArguments &arguments, StringRef value) {
  if (value.getAsInteger(10, arguments.jobs) || arguments.jobs == 0 || arguments.jobs > 1024)
    return mistake("-j: '" + value + "' is not a number from 1 to 1024");
  return Error::success();
}

Error applyGiveUpAfter(CheckArguments &arguments, StringRef value) {
  unsigned &seconds = arguments.giveUpAfter;
  if (value.getAsInteger(10, seconds) || seconds == 0 || seconds > 1'000'000)
    return mistake("--give-up-after: '" + value + "' is not a number of seconds from 1 to 1000000");
  return Error::success();
}

Error applyDumpSkeleton(CheckArguments &arguments, StringRef value) {
  if (!value.empty() && value != "text" && value != "dot")
    return mistake("--dump-skeleton: '" + value + "' is no form; it takes 'text' or 'dot'");
  arguments.dumpSkeleton = value == "dot" ? checks::SkeletonForm::Dot : checks::SkeletonForm::Text;
  return Error::success();
}

Error applyExplainVerdict(CheckArguments &arguments, StringRef value) {
  auto [file, line] = value.rsplit(':');
  unsigned number = 0;
  if (!value.empty() && (file.empty() || line.getAsInteger(10, number) || number == 0))
    return mistake("--explain-verdict: '" + value + "' is no place; it takes FILE:LINE");
  arguments.explainVerdict = value.str();
  return Error::success();
}

template <std::string CheckArguments::*Member>
Error setText(CheckArguments &arguments, StringRef value) {
  arguments.*Member = value.str();
  return Error::success();
}

template <bool CheckArguments::*Member> Error setFlag(CheckArguments &arguments, StringRef) {
  arguments.*Member = true;
  return Error::success();
}

Error addModels(CheckArguments &arguments, StringRef value) {
  arguments.modelPaths.push_back(value.str());
  return Error::success();
}

Error addCheckOption(CheckArguments &arguments, StringRef value) {
  auto [key, text] = value.split('=');
  if (!value.contains('='))
    return mistake("--check-option: '" + value + "' has no value; write " + key + "=VALUE");
  arguments.checkOptions.emplace_back(key.str(), text.str());
  return Error::success();
}

constexpr Flag flags[] = {
    {"-p", "DIR", "the directory of compile_commands.json (default: searched upwards)",
     setText<&CheckArguments::buildPath>},
    {"--checks", "GLOBS", "checks to run, such as '-*,unreceived-send' (see list-checks)",
     setText<&CheckArguments::checks>},
    {"--check-option", "KEY=VALUE",
     "set an option, such as 'unreceived-send.Fixes=false' (see list-options)", addCheckOption},
    {"--models", "PATH", "a model file, or a directory of them, for libraries of your own",
     addModels},
    {"--format", "FORMAT", "'text' (default) or 'sarif'", applyFormat},
    {"--output", "FILE", "write the findings into FILE", setText<&CheckArguments::output>},
    {"--fix", "", "apply the fixes of the findings", setFlag<&CheckArguments::fix>},
    {"--no-fixes", "", "do not look for repairs that can be proved, which takes time",
     setFlag<&CheckArguments::noFixes>},
    {"--fail-on", "SEVERITY", "exit with 1 from 'style' or 'warning' (default) on, or 'never'",
     applyFailOn},
    {"--only-definite", "", "leave out what happens only under some schedules or inputs",
     setFlag<&CheckArguments::onlyDefinite>},
    {"-j", "N", "judge N files at a time (default: one a processor)", applyJobs},
    {"--give-up-after", "S", "stop judging a file after S seconds (default: 900) and say so",
     applyGiveUpAfter},
    {"--quiet", "", "no progress, no summary", setFlag<&CheckArguments::quiet>},
    {"--dump-skeleton", "[=FORM]", "print the communication skeletons, as 'text' or 'dot'",
     applyDumpSkeleton},
    {"--explain-verdict", "[=AT]",
     "tell of each primitive, or of those made at FILE:LINE, how it\n"
     "                         was judged: from where, resting on what, with which witness",
     applyExplainVerdict},
    {"--help", "", "show this", setFlag<&CheckArguments::help>},
};

const Flag *findFlag(StringRef name) {
  if (name == "-h")
    name = "--help";
  for (const Flag &flag : flags)
    if (flag.name == name)
      return &flag;
  return nullptr;
}

Error unknown(StringRef name) {
  std::vector<StringRef> names;
  for (const Flag &flag : flags)
    names.push_back(flag.name);
  return mistake("unknown flag '" + name + "'" + suggestion(name, names) +
                 "; 'sluice check --help' lists all");
}

/// A flag and the value that is written in the same argument, if any.
struct Written {
  StringRef name;
  std::optional<StringRef> value;
};

Written takeApart(StringRef argument) {
  if (argument.starts_with("--")) {
    auto [name, value] = argument.split('=');
    return {name, argument.contains('=') ? std::optional(value) : std::nullopt};
  }
  if ((argument.starts_with("-j") || argument.starts_with("-p")) && argument.size() > 2)
    return {argument.take_front(2), argument.drop_front(2)};
  return {argument, std::nullopt};
}

/// Applies the flag at the front of `rest` and takes it away.
Error readFlag(CheckArguments &arguments, llvm::ArrayRef<StringRef> &rest) {
  Written written = takeApart(rest.front());
  rest = rest.drop_front();
  const Flag *flag = findFlag(written.name);
  if (!flag)
    return unknown(written.name);
  if (flag->value.empty()) {
    if (written.value)
      return mistake(written.name + " takes no value");
    return flag->apply(arguments, {});
  }
  if (!written.value && flag->value.starts_with("[")) // a value of its own would be a file
    written.value = "";
  if (!written.value) {
    if (rest.empty())
      return mistake(written.name + " needs a value: " + written.name + " " + flag->value);
    written.value = rest.front();
    rest = rest.drop_front();
  }
  return flag->apply(arguments, *written.value);
}

} // namespace

std::string suggestion(StringRef word, llvm::ArrayRef<StringRef> candidates) {
  StringRef nearest;
  unsigned best = static_cast<unsigned>(word.size()) / 3 + 2;
  for (StringRef candidate : candidates) {
    unsigned distance = word.edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest.empty() ? "" : ("; did you mean '" + nearest + "'?").str();
}

llvm::Expected<CheckArguments> readArguments(llvm::ArrayRef<StringRef> rest) {
  CheckArguments arguments;
  while (!rest.empty()) {
    if (rest.front() == "--") {
      arguments.flags.emplace();
      for (StringRef flag : rest.drop_front())
        arguments.flags->push_back(flag.str());
      break;
    }
    if (rest.front().starts_with("-") && rest.front().size() > 1) {
      if (Error error = readFlag(arguments, rest))
        return error;
      continue;
    }
    arguments.files.push_back(rest.front().str());
    rest = rest.drop_front();
  }
  if (arguments.fix && arguments.noFixes)
    return mistake("--fix and --no-fixes exclude each other");
  if (arguments.flags && arguments.files.empty())
    return mistake("flags after '--' need files before it: sluice check file.cpp -- FLAGS");
  return arguments;
}

void printCheckHelp(llvm::raw_ostream &out) {
  out << "usage: sluice check [-p DIR] [PATHS...] [-- FLAGS]\n\n"
         "Judges the files of a compilation database: all of them, or the PATHS, which are files\n"
         "and directories; or files with the compiler's FLAGS. A '.clang-tidy' that names sluice\n"
         "checks chooses among them, and its CheckOptions set their options.\n\n";
  for (const Flag &flag : flags) {
    bool joined = flag.value.empty() || flag.value.starts_with("[");
    std::string left = (flag.name + (joined ? "" : " ") + flag.value).str();
    out << llvm::formatv("  {0,-22} {1}\n", left, flag.help);
  }
  out << "\nexit status: 0 nothing found, 1 findings, 2 something could not be judged\n";
}

} // namespace sluice::checker::standalone
