// The flags of `sluice check`: each carries its help and its effect.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Arguments.h"

#include "hosts/standalone/Flags.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

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

using Judging = Flag<CheckArguments>;

// What several commands take.
constexpr Judging databaseFlag = {
    "-p", "DIR", "the directory of compile_commands.json (default: searched upwards)",
    setText<&CheckArguments::buildPath>};
constexpr Judging checksFlag = {"--checks", "GLOBS",
                                "checks to run, such as '-*,unreceived-send' (see list-checks)",
                                setText<&CheckArguments::checks>};
constexpr Judging checkOptionFlag = {
    "--check-option", "KEY=VALUE",
    "set an option, such as 'unreceived-send.Fixes=false' (see list-options)", addCheckOption};
constexpr Judging modelsFlag = {"--models", "PATH",
                                "a model file, or a directory of them, for libraries of your own",
                                addModels};
constexpr Judging formatFlag = {
    "--format", "FORMAT", "'text' (default), 'sarif', 'json', 'gitlab' or 'html'", applyFormat};
constexpr Judging outputFlag = {"--output", "FILE", "write the findings into FILE",
                                setText<&CheckArguments::output>};
constexpr Judging noFixesFlag = {"--no-fixes", "",
                                 "do not look for repairs that can be proved, which takes time",
                                 setFlag<&CheckArguments::noFixes>};
constexpr Judging failOnFlag = {"--fail-on", "SEVERITY",
                                "exit with 1 from 'style' or 'warning' (default) on, or 'never'",
                                applyFailOn};
constexpr Judging baselineFlag = {"--baseline", "FILE", "leave out the findings that FILE has",
                                  setText<&CheckArguments::baseline>};
constexpr Judging writeBaselineFlag = {"--write-baseline", "FILE",
                                       "write all findings into FILE, as known from now on",
                                       setText<&CheckArguments::writeBaseline>};
constexpr Judging diffFlag = {"--diff", "REV",
                              "leave out findings whose path has no line changed since git's REV",
                              setText<&CheckArguments::diff>};
constexpr Judging minCoverageFlag = {
    "--min-coverage", "P", "exit with 3 if fewer than P percent of the primitives get a verdict",
    setNumber<&CheckArguments::minCoverage, 0, 100>};
constexpr Judging onlyDefiniteFlag = {"--only-definite", "",
                                      "leave out what happens only under some schedules or inputs",
                                      setFlag<&CheckArguments::onlyDefinite>};
constexpr Judging helpFlag = {"--help", "", "show this", setFlag<&CheckArguments::help>};

constexpr Judging flags[] = {
    databaseFlag,
    checksFlag,
    checkOptionFlag,
    modelsFlag,
    formatFlag,
    outputFlag,
    {"--fix", "", "apply the fixes of the findings", setFlag<&CheckArguments::fix>},
    noFixesFlag,
    failOnFlag,
    baselineFlag,
    writeBaselineFlag,
    diffFlag,
    minCoverageFlag,
    onlyDefiniteFlag,
    {"-j", "N", "judge N files at a time (default: one a processor)",
     setNumber<&CheckArguments::jobs, 1, 1024>},
    {"--give-up-after", "S", "stop judging a file after S seconds (default: 900) and say so",
     setNumber<&CheckArguments::giveUpAfter, 1, 1'000'000>},
    {"--cache", "DIR",
     "keep what is known of each file in DIR (default: '.sluice-cache' beside\n"
     "compile_commands.json), so that the next run judges only what has changed",
     setText<&CheckArguments::cache>},
    {"--no-cache", "", "keep nothing, and judge all files", setFlag<&CheckArguments::noCache>},
    {"--quiet", "", "no progress, no summary", setFlag<&CheckArguments::quiet>},
    {"--verbose", "", "say how many files were judged anew, and what was linked",
     setFlag<&CheckArguments::verbose>},
    {"--dump-skeleton", "[=FORM]", "print the communication skeletons, as 'text' or 'dot'",
     applyDumpSkeleton},
    {"--explain-verdict", "[=AT]",
     "tell of each primitive, or of those made at FILE:LINE, how it\n"
     "was judged: from where, resting on what, with which witness",
     applyExplainVerdict},
    helpFlag,
};

constexpr Judging extractFlags[] = {
    databaseFlag,
    {"--output", "FILE", "write the summary into FILE (default: standard output)",
     setText<&CheckArguments::output>},
    {"--root", "DIR", "name files relative to DIR (default: the current directory)",
     setText<&CheckArguments::root>},
    {"--deps", "FILE", "write which files were read into FILE, as make and ninja read it",
     setText<&CheckArguments::dependencies>},
    checksFlag,
    checkOptionFlag,
    modelsFlag,
    noFixesFlag,
    helpFlag,
};

constexpr Judging linkFlags[] = {
    formatFlag,
    outputFlag,
    failOnFlag,
    baselineFlag,
    writeBaselineFlag,
    diffFlag,
    minCoverageFlag,
    {"--give-up-after", "S", "stop linking after S seconds (default: 900) and say so",
     setNumber<&CheckArguments::giveUpAfter, 1, 1'000'000>},
    {"--quiet", "", "no summary line", setFlag<&CheckArguments::quiet>},
    {"--verbose", "", "say what was linked", setFlag<&CheckArguments::verbose>},
    helpFlag,
};

constexpr Judging lspFlags[] = {
    databaseFlag, checksFlag, checkOptionFlag, modelsFlag, noFixesFlag, onlyDefiniteFlag, helpFlag,
};

llvm::ArrayRef<Judging> flagsOf(Command command) {
  switch (command) {
  case Command::Check:
    return flags;
  case Command::Extract:
    return extractFlags;
  case Command::Link:
    return linkFlags;
  case Command::Lsp:
    return lspFlags;
  }
  return {};
}

StringRef nameOf(Command command) {
  switch (command) {
  case Command::Check:
    return "sluice check";
  case Command::Extract:
    return "sluice extract";
  case Command::Link:
    return "sluice link";
  case Command::Lsp:
    return "sluice lsp";
  }
  return {};
}

bool isSameFile(const std::string &one, const std::string &other) {
  llvm::SmallString<256> first(one), second(other);
  if (one.empty() || other.empty() || llvm::sys::fs::make_absolute(first) ||
      llvm::sys::fs::make_absolute(second))
    return false;
  llvm::sys::path::remove_dots(first, /*remove_dot_dot=*/true);
  llvm::sys::path::remove_dots(second, /*remove_dot_dot=*/true);
  return first == second;
}

/// A new baseline takes all findings as known, so nothing else may leave some of them out.
Error complaintOfBaseline(const CheckArguments &arguments) {
  if (isSameFile(arguments.baseline, arguments.output))
    return mistake("--baseline and --output name the same file");
  if (arguments.writeBaseline.empty())
    return Error::success();
  if (arguments.writeBaseline == "-")
    return mistake("--write-baseline needs a file, and '-' is none");
  if (isSameFile(arguments.writeBaseline, arguments.output))
    return mistake("--write-baseline and --output name the same file");
  if (arguments.fix)
    return mistake("--write-baseline and --fix exclude each other: fix first, and write what is "
                   "left into the baseline");
  if (!arguments.diff.empty())
    return mistake("--write-baseline and --diff exclude each other: a baseline has all findings");
  return Error::success();
}

Error complaint(Command command, const CheckArguments &arguments) {
  if (arguments.help)
    return Error::success();
  if (command == Command::Extract && arguments.files.size() != 1)
    return mistake("extract takes one source file; 'sluice check' takes many");
  if (command == Command::Link && arguments.files.empty())
    return mistake("link takes the summaries that 'sluice extract' wrote");
  if (command == Command::Link && arguments.flags)
    return mistake("link takes summaries alone; the compiler's flags go to 'sluice extract'");
  if (command == Command::Lsp && (!arguments.files.empty() || arguments.flags))
    return mistake("lsp takes no files: the editor opens them");
  if (arguments.fix && arguments.noFixes)
    return mistake("--fix and --no-fixes exclude each other");
  if (Error error = complaintOfBaseline(arguments))
    return error;
  if (arguments.noCache && !arguments.cache.empty())
    return mistake("--cache and --no-cache exclude each other");
  if (arguments.flags && arguments.files.empty())
    return mistake("flags after '--' need files before it: sluice check file.cpp -- FLAGS");
  return Error::success();
}

/// What stands above the flags, and below them.
struct HelpTexts {
  llvm::StringLiteral before, after;
};

constexpr HelpTexts helpTexts(Command command) {
  switch (command) {
  case Command::Check:
    return {
        "usage: sluice check [-p DIR] [PATHS...] [-- FLAGS]\n\n"
        "Judges the files of a compilation database: all of them, or the PATHS, which are files\n"
        "and directories; or files with the compiler's FLAGS. What spans several files is judged\n"
        "too. A '.clang-tidy' that names sluice checks chooses among them, and its CheckOptions\n"
        "set their options. Arguments may stand in files: @FILE is replaced by its words.\n\n",
        "\nexit status: 0 nothing found, 1 findings, 2 something could not be judged,\n"
        "             3 nothing found, but less judged than --min-coverage asks for\n"};
  case Command::Extract:
    return {
        "usage: sluice extract [-p DIR] FILE [--output SUMMARY] [-- FLAGS]\n\n"
        "Judges one file and writes a summary of it, from which 'sluice link' judges what spans\n"
        "files. The same sources and flags give the same bytes, wherever they stand, so a build\n"
        "system may cache them.\n\n",
        "\nexit status: 0 the summary is written, 2 the file could not be judged\n"};
  case Command::Link:
    return {
        "usage: sluice link SUMMARIES...\n\n"
        "Judges what spans the files of these summaries, and reports it with what each file\n"
        "shows alone. Run it in the directory that 'sluice extract' named files relative to:\n"
        "the sources are read for the lines that are shown, and for NOLINT. Arguments may stand\n"
        "in files: @FILE is replaced by its words.\n\n",
        "\nexit status: 0 nothing found, 1 findings, 2 something could not be judged,\n"
        "             3 nothing found, but less judged than --min-coverage asks for\n"};
  case Command::Lsp:
    return {
        "usage: sluice lsp [FLAGS]\n\n"
        "Serves an editor over standard input and output with the Language Server Protocol:\n"
        "findings while typing, beside a server for the language such as clangd. What the editor\n"
        "configures comes before these flags; docs/guides/editors.md tells how.\n\n",
        "\nexit status: 0 the editor has shut it down, 1 it went without\n"};
  }
}

} // namespace

llvm::Expected<CheckArguments> readArguments(Command command, llvm::ArrayRef<StringRef> rest) {
  CheckArguments arguments;
  while (!rest.empty()) {
    if (rest.front() == "--") {
      arguments.flags.emplace();
      for (StringRef flag : rest.drop_front())
        arguments.flags->push_back(flag.str());
      break;
    }
    if (rest.front().starts_with("-") && rest.front().size() > 1) {
      if (Error error =
              readFlag<CheckArguments>(flagsOf(command), nameOf(command), arguments, rest))
        return error;
      continue;
    }
    arguments.files.push_back(rest.front().str());
    rest = rest.drop_front();
  }
  if (Error error = complaint(command, arguments))
    return error;
  return arguments;
}

void printHelp(Command command, llvm::raw_ostream &out) {
  const HelpTexts texts = helpTexts(command);
  out << texts.before;
  printFlags<CheckArguments>(out, flagsOf(command));
  out << texts.after;
}

} // namespace sluice::checker::standalone
