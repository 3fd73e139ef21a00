// What every check says about itself, and how it turns a defect into a finding.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckOptions.h"
#include "findings/Finding.h"

#include "llvm/ADT/StringRef.h"

#include <vector>

namespace sluice::checker::checks {

class SourceUnit;
class Story;

/// How far a check can be trusted to stay as it is.
enum class Maturity : uint8_t { Stable, Preview };

/// One check. Its page is docs/checks/<id>.md.
struct CheckInfo {
  llvm::StringLiteral id;
  llvm::StringLiteral summary; ///< one line, for `list-checks`
  findings::Severity severity = findings::Severity::Warning;
  bool defaultOn = true;
  Maturity maturity = Maturity::Preview;

  /// The message for a verdict that this check answers for; null for checks of the source alone.
  std::string (*message)(const Story &story) = nullptr;

  /// Findings in C++ that need no exploration; null for checks of verdicts alone.
  void (*inspect)(SourceUnit &unit, std::vector<findings::Finding> &found) = nullptr;

  /// What can be set for this check, ordered by name.
  llvm::ArrayRef<const OptionInfo *> options = {};

  /// Whether its options let a verdict through; null if none of them is about verdicts.
  bool (*wanted)(const Story &story, const CheckOptions &options) = nullptr;
};

} // namespace sluice::checker::checks
