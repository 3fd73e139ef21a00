// Judges one translation unit: skeleton, exploration, and all checks, once for every host.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "analysis/Verdict.h"
#include "checks/CheckOptions.h"
#include "findings/UnitReport.h"
#include "models/Models.h"
#include "skeleton/Program.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/Error.h"

#include <set>
#include <string>

namespace clang {
class ASTContext;
}

namespace sluice::checker::checks {

class Reparser;

/// How to judge.
struct JudgeOptions {
  std::string base; ///< file names below this directory are shown relative to it
  bool onlyDefinite = false;
  bool account = false; ///< each primitive with how it was judged
  llvm::function_ref<bool(llvm::StringRef id)> enabled;
  const Reparser *reparser = nullptr; ///< proves repairs; without it none are looked for
  CheckOptions options;
  bool forLinking = false; ///< give what linking needs, as `skeleton` of the report
  /// Of a program that was joined: the settings that hold for a function, and what to look at.
  llvm::function_ref<const JudgeOptions &(skeleton::FunctionId)> settingsOf = nullptr;
  const std::set<skeleton::FunctionId> *widened = nullptr;
  bool orders = true; ///< pair the lock orders of entries
  unsigned units = 1; ///< how many were joined
};

/// Findings and coverage of a parsed unit. NOLINT is left to the host.
findings::UnitReport judgeUnit(clang::ASTContext &context, const models::Models &models,
                               const JudgeOptions &options);

/// The same for a skeleton that stands alone.
findings::UnitReport judgeProgram(const skeleton::Program &program, const JudgeOptions &options);

/// Reads a skeleton that stands alone; errors in it are placed in `name`.
llvm::Expected<skeleton::Program> readSkeleton(llvm::StringRef text, llvm::StringRef name);

/// How a skeleton is shown.
enum class SkeletonForm : uint8_t { Text, Dot };

/// A skeleton that was read, as text.
std::string skeletonText(const skeleton::Program &program, SkeletonForm form);

/// A unit's skeleton, as text.
std::string skeletonText(clang::ASTContext &context, const models::Models &models,
                         const JudgeOptions &options, SkeletonForm form);

} // namespace sluice::checker::checks
