// Parses one unit with Clang and judges it, in the process that calls it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/UnitJudge.h"
#include "findings/UnitReport.h"
#include "hosts/standalone/Preamble.h"
#include "hosts/standalone/SourceDigest.h"
#include "hosts/standalone/Units.h"

#include "clang/Basic/FileEntry.h"

namespace clang {
class DiagnosticConsumer;
class SourceManager;
namespace tooling {
class ToolAction;
}
} // namespace clang

namespace sluice::checker::standalone {

/// How to judge units.
struct UnitSettings {
  std::string base;        ///< the directory the user stands in
  std::string resourceDir; ///< where Clang's own headers are
  checks::CheckOptions options;
  bool onlyDefinite = false;
  std::optional<checks::SkeletonForm> dump; ///< show the skeleton instead of judging it
  bool account = false;                     ///< each primitive with how it was judged
  bool repair = true;                       ///< look for repairs of what is found
  bool forLinking = false;                  ///< give what linking needs
};

/// Where the text of a unit comes from.
struct ParseFrom {
  FileSystem files;                   ///< null: the disk
  const Preamble *preamble = nullptr; ///< takes the headers from here
};

/// Changes into the unit's directory, so it is for processes that judge one unit each. `read`, if
/// it is given, gets the files that the unit consists of.
findings::UnitReport judgeCommand(const UnitCommand &unit, const models::Models &models,
                                  const UnitSettings &settings,
                                  llvm::function_ref<bool(llvm::StringRef)> enabled,
                                  std::vector<ReadFile> *read = nullptr,
                                  const ParseFrom &from = ParseFrom());

/// A file that a parse has read, and its text as it was then.
struct ParsedFile {
  clang::FileEntryRef entry;
  std::string path; ///< absolute
  llvm::StringRef text;
  bool own; ///< no system header
};

/// Calls `each` with the files that were read; with one that was read several times as often.
void forEachParsed(clang::SourceManager &sources,
                   llvm::function_ref<void(const ParsedFile &file)> each);

/// Runs `action` on what Clang's driver makes of a unit's command. `files` null: the disk.
bool runClang(const UnitCommand &unit, const UnitSettings &settings, const FileSystem &files,
              clang::tooling::ToolAction &action, clang::DiagnosticConsumer &diagnostics);

/// The directory with Clang's builtin headers: beside the executable, or where the checker was
/// configured with; empty if there is none.
std::string findResourceDir(const char *argv0, void *mainAddress);

} // namespace sluice::checker::standalone
