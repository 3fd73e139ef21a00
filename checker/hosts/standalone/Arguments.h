// The command line of `sluice check`, read and checked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/UnitJudge.h"
#include "findings/Finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::standalone {

/// How findings are written.
enum class Format : uint8_t { Text, Sarif, Json, GitLab, Html };

/// What the user asked for.
struct CheckArguments {
  std::vector<std::string> files;
  std::string buildPath;                         ///< -p; empty: search upwards from each file
  std::optional<std::vector<std::string>> flags; ///< what follows `--`
  std::string checks;
  std::vector<std::pair<std::string, std::string>> checkOptions; ///< keys and values
  std::vector<std::string> modelPaths;
  Format format = Format::Text;
  std::string output;         ///< empty: standard output
  unsigned jobs = 0;          ///< 0: one a processor
  unsigned giveUpAfter = 900; ///< seconds for one unit; the last resort, budgets count states
  std::optional<findings::Severity> failOn = findings::Severity::Warning; ///< nothing: never
  std::string baseline;
  std::string writeBaseline;
  std::string diff;         ///< a revision; empty: everything counts
  unsigned minCoverage = 0; ///< percent
  bool fix = false;
  bool noFixes = false;
  bool onlyDefinite = false;
  bool quiet = false;
  bool verbose = false;
  std::string cache;    ///< where summaries are kept; empty: beside the compilation database
  bool noCache = false; ///< keep nothing
  std::optional<checks::SkeletonForm> dumpSkeleton;
  std::optional<std::string> explainVerdict; ///< of the primitives made at FILE:LINE; empty: all
  std::string root;         ///< extract: what file names are relative to; empty: where one stands
  std::string dependencies; ///< extract: where to write which files were read
  bool help = false;
};

/// The subcommands that judge sources: whole, in two halves for build systems, or for an editor.
enum class Command : uint8_t { Check, Extract, Link, Lsp };

/// Reads the arguments after the command. Errors say what is wrong and what to write instead.
llvm::Expected<CheckArguments> readArguments(Command command,
                                             llvm::ArrayRef<llvm::StringRef> arguments);

/// Writes what `sluice COMMAND --help` shows.
void printHelp(Command command, llvm::raw_ostream &out);

} // namespace sluice::checker::standalone
