// The `sluice` command: chooses the subcommand.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "checks/Catalogue.h"
#include "hosts/lsp/LspCommand.h"
#include "hosts/standalone/CheckCommand.h"
#include "hosts/standalone/ExtractCommand.h"
#include "hosts/standalone/Flags.h"
#include "hosts/standalone/Pager.h"
#include "hosts/standalone/RunCommand.h"
#include "hosts/standalone/UnitParser.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/StringSaver.h"

using namespace sluice::checker;
using namespace sluice::checker::standalone;

namespace {

constexpr llvm::StringLiteral usage =
    "usage: sluice check [-p DIR] [PATHS...] [-- FLAGS]   judge source files\n"
    "       sluice extract FILE, sluice link SUMMARIES    the two halves of it, for build systems\n"
    "       sluice lsp                                    findings while typing, for an editor\n"
    "       sluice explain CHECK                          what a check finds, and what to do\n"
    "       sluice list-checks                            all checks, one line each\n"
    "       sluice list-options                           what can be set for them\n"
    "       sluice run [--explore N] -- PROGRAM           run a program that is linked with the\n"
    "                                                     runtime; search its interleavings\n"
    "       sluice --version\n"
    "\n'sluice check --help' lists its flags; so do the others\n";

using Arguments = llvm::ArrayRef<llvm::StringRef>;

/// With the words of the files that are named as @FILE.
int judge(Command command, Arguments rest, const char *argv0) {
  llvm::BumpPtrAllocator memory;
  llvm::StringSaver saver(memory);
  llvm::SmallVector<const char *> words;
  for (llvm::StringRef word : rest)
    words.push_back(word.data());
  llvm::cl::ExpandResponseFiles(saver, llvm::cl::TokenizeGNUCommandLine, words);
  auto arguments = readArguments(command, std::vector<llvm::StringRef>(words.begin(), words.end()));
  if (!arguments)
    return fail(llvm::toString(arguments.takeError()));
  if (arguments->help) {
    printHelp(command, llvm::outs());
    return NothingFound;
  }
  if (command == Command::Link)
    return runLink(*arguments);
  std::string resources = findResourceDir(argv0, reinterpret_cast<void *>(&judge));
  if (command == Command::Lsp)
    return lsp::runLsp(*arguments, resources);
  return command == Command::Extract ? runExtract(*arguments, resources)
                                     : runCheck(*arguments, resources);
}

int run(Arguments rest) {
  auto arguments = readRunArguments(rest);
  if (!arguments)
    return fail(llvm::toString(arguments.takeError()));
  if (arguments->help) {
    printRunHelp(llvm::outs());
    return NothingFound;
  }
  return runProgram(*arguments);
}

int explain(Arguments rest) {
  if (rest.size() != 1)
    return fail("explain takes the name of one check; 'sluice list-checks' names all");
  const checks::CheckInfo *found = checks::findCheck(rest.front());
  if (found) {
    showPage(checks::pageOf(*found), llvm::outs(), llvm::outs().has_colors());
    return NothingFound;
  }
  const checks::CheckInfo *near = checks::nearestCheck(rest.front());
  return fail("there is no check '" + rest.front() + "'" +
              (near ? "; did you mean '" + near->id.str() + "'?" : "") +
              "; 'sluice list-checks' names all");
}

int list(Arguments rest) {
  if (!rest.empty())
    return fail("list-checks takes no arguments");
  listChecks(llvm::outs());
  return NothingFound;
}

int listTheirOptions(Arguments rest) {
  if (!rest.empty())
    return fail("list-options takes no arguments");
  listOptions(llvm::outs());
  return NothingFound;
}

int version() {
  llvm::outs() << "sluice " << SLUICE_VERSION << " (LLVM " << SLUICE_LLVM_VERSION << ")\n";
  return NothingFound;
}

int dispatch(Arguments all, const char *argv0) {
  if (all.empty()) {
    llvm::errs() << usage;
    return CouldNotJudge;
  }
  llvm::StringRef command = all.front();
  Arguments rest = all.drop_front();
  if (command == "check")
    return judge(Command::Check, rest, argv0);
  if (command == "extract")
    return judge(Command::Extract, rest, argv0);
  if (command == "link")
    return judge(Command::Link, rest, argv0);
  if (command == "lsp")
    return judge(Command::Lsp, rest, argv0);
  if (command == "run")
    return run(rest);
  if (command == "explain")
    return explain(rest);
  if (command == "list-checks" || command == "--list-checks")
    return list(rest);
  if (command == "list-options")
    return listTheirOptions(rest);
  if (command == "--version")
    return version();
  if (command == "--help" || command == "-h" || command == "help") {
    llvm::outs() << usage;
    return NothingFound;
  }
  return fail("unknown subcommand '" + command + "'" +
              suggestion(command, {"check", "explain", "extract", "link", "list-checks", "lsp",
                                   "list-options", "run"}) +
              "; 'sluice --help' lists all");
}

} // namespace

int main(int argc, const char **argv) {
  std::vector<llvm::StringRef> arguments(argv + 1, argv + argc);
  return dispatch(arguments, argv[0]);
}
