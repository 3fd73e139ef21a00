// What is kept of one translation unit: all that linking and reporting need, and no place or time
// of the machine that made it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// docs/design/whole-program.md says what each part is for.
#pragma once

#include "checks/CheckOptions.h"
#include "findings/UnitReport.h"
#include "skeleton/Outline.h"

#include <set>

namespace sluice::checker::checks {

/// One unit's summary; `code` is the part that linking reads.
struct Summary {
  std::string unit; ///< its file, as it is shown
  std::set<std::string, std::less<>> enabled;
  CheckOptions options;
  findings::UnitReport report; ///< the unit judged alone
  std::string code;
};

/// What linking reads of a skeleton: its outline, then its text.
std::string linkableText(const skeleton::Program &program, skeleton::Homes homes = {});

/// The same summary gives the same bytes. `version` is that of the checker.
std::string encodeSummary(const Summary &summary, llvm::StringRef version);

enum class SummaryPart : uint8_t { All, WithoutReport };

/// Reads a summary; errors name `name` and say what to do. A summary that another version of the
/// checker wrote, or that is damaged, is an error.
llvm::Expected<Summary> decodeSummary(llvm::StringRef bytes, llvm::StringRef name,
                                      llvm::StringRef version, SummaryPart part = SummaryPart::All);

} // namespace sluice::checker::checks
