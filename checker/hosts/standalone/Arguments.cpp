// The flags of `sluice check`: each carries its help and its effect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Arguments.h"

#include "hosts/standalone/Flags.h"

namespace sluice::checker::standalone {
namespace {

using llvm::Error;
using llvm::StringRef;

constexpr std::pair<llvm::StringLiteral, Format> formats[] = {
    {"text", Format::Text},     {"sarif", Format::Sarif}, {"json", Format::Json},
    {"gitlab", Format::GitLab}, {"html", Format::Html},
};

Error applyFormat(CheckArguments &arguments, StringRef value) {
  const auto *format =
      llvm::find_if(formats, [&](const auto &each) { return each.first == value; });
  if (format == std::end(formats))
    return mistake("'" + value +
                   "' is no format; it takes 'text', 'sarif', 'json', 'gitlab' or 'html'");
  arguments.format = format->second;
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
    return mistake("'" + value +
                   "' is no severity; it takes 'style', 'warning' or "
                   "'never'");
  return Error::success();
}

Error applyDumpSkeleton(CheckArguments &arguments, StringRef value) {
  if (!value.empty() && value != "text" && value != "dot")
    return mistake("'" + value + "' is no form; it takes 'text' or 'dot'");
  arguments.dumpSkeleton = value == "dot" ? checks::SkeletonForm::Dot : checks::SkeletonForm::Text;
  return Error::success();
}

Error applyExplainVerdict(CheckArguments &arguments, StringRef value) {
  auto [file, line] = value.rsplit(':');
  unsigned number = 0;
  if (!value.empty() && (file.empty() || line.getAsInteger(10, number) || number == 0))
    return mistake("'" + value + "' is no place; it takes FILE:LINE");
  arguments.explainVerdict = value.str();
  return Error::success();
}

Error addModels(CheckArguments &arguments, StringRef value) {
  arguments.modelPaths.push_back(value.str());
  return Error::success();
}

Error addCheckOption(CheckArguments &arguments, StringRef value) {
  auto [key, text] = value.split('=');
  if (!value.contains('='))
    return mistake("'" + value + "' has no value; write " + key + "=VALUE");
  arguments.checkOptions.emplace_back(key.str(), text.str());
  return Error::success();
}

constexpr Flag<CheckArguments> flags[] = {
    {"-p", "DIR", "the directory of compile_commands.json (default: searched upwards)",
     setText<&CheckArguments::buildPath>},
    {"--checks", "GLOBS", "checks to run, such as '-*,unreceived-send' (see list-checks)",
     setText<&CheckArguments::checks>},
    {"--check-option", "KEY=VALUE",
     "set an option, such as 'unreceived-send.Fixes=false' (see list-options)", addCheckOption},
    {"--models", "PATH", "a model file, or a directory of them, for libraries of your own",
     addModels},
    {"--format", "FORMAT", "'text' (default), 'sarif', 'json', 'gitlab' or 'html'", applyFormat},
    {"--output", "FILE", "write the findings into FILE", setText<&CheckArguments::output>},
    {"--fix", "", "apply the fixes of the findings", setFlag<&CheckArguments::fix>},
    {"--no-fixes", "", "do not look for repairs that can be proved, which takes time",
     setFlag<&CheckArguments::noFixes>},
    {"--fail-on", "SEVERITY", "exit with 1 from 'style' or 'warning' (default) on, or 'never'",
     applyFailOn},
    {"--baseline", "FILE", "leave out the findings that FILE has",
     setText<&CheckArguments::baseline>},
    {"--write-baseline", "FILE", "write all findings into FILE, as known from now on",
     setText<&CheckArguments::writeBaseline>},
    {"--diff", "REV", "leave out findings whose path has no line changed since git's REV",
     setText<&CheckArguments::diff>},
    {"--min-coverage", "P", "exit with 3 if fewer than P percent of the primitives get a verdict",
     setNumber<&CheckArguments::minCoverage, 0, 100>},
    {"--only-definite", "", "leave out what happens only under some schedules or inputs",
     setFlag<&CheckArguments::onlyDefinite>},
    {"-j", "N", "judge N files at a time (default: one a processor)",
     setNumber<&CheckArguments::jobs, 1, 1024>},
    {"--give-up-after", "S", "stop judging a file after S seconds (default: 900) and say so",
     setNumber<&CheckArguments::giveUpAfter, 1, 1'000'000>},
    {"--quiet", "", "no progress, no summary", setFlag<&CheckArguments::quiet>},
    {"--dump-skeleton", "[=FORM]", "print the communication skeletons, as 'text' or 'dot'",
     applyDumpSkeleton},
    {"--explain-verdict", "[=AT]",
     "tell of each primitive, or of those made at FILE:LINE, how it\n"
     "was judged: from where, resting on what, with which witness",
     applyExplainVerdict},
    {"--help", "", "show this", setFlag<&CheckArguments::help>},
};

} // namespace

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
      if (Error error = readFlag<CheckArguments>(flags, "sluice check", arguments, rest))
        return error;
      continue;
    }
    arguments.files.push_back(rest.front().str());
    rest = rest.drop_front();
  }
  if (arguments.fix && arguments.noFixes)
    return mistake("--fix and --no-fixes exclude each other");
  if (!arguments.writeBaseline.empty() && arguments.writeBaseline == arguments.output)
    return mistake("--write-baseline and --output name the same file");
  if (arguments.flags && arguments.files.empty())
    return mistake("flags after '--' need files before it: sluice check file.cpp -- FLAGS");
  return arguments;
}

void printCheckHelp(llvm::raw_ostream &out) {
  out << "usage: sluice check [-p DIR] [PATHS...] [-- FLAGS]\n\n"
         "Judges the files of a compilation database: all of them, or the PATHS, which are files\n"
         "and directories; or files with the compiler's FLAGS. A '.clang-tidy' that names sluice\n"
         "checks chooses among them, and its CheckOptions set their options.\n\n";
  printFlags<CheckArguments>(out, flags);
  out << "\nexit status: 0 nothing found, 1 findings, 2 something could not be judged,\n"
         "             3 nothing found, but less judged than --min-coverage asks for\n";
}

} // namespace sluice::checker::standalone
