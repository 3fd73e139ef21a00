// What the judging of one translation unit gave, as a value that crosses process borders.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"
#include "findings/Summary.h"

#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace sluice::checker::findings {

/// Findings and coverage of one unit. With errors it was not judged.
struct UnitReport {
  std::vector<Finding> findings;
  std::vector<JudgedPrimitive> primitives;
  std::vector<std::string> errors;      ///< "file:line:column: error: …"
  std::vector<std::string> misdeclared; ///< "file:line:column: warning: …", of declared queues
  std::string skeleton;                 ///< its text, when asked for
  std::vector<std::string> explored; ///< the keys of functions whose scopes were judged to the end
};

/// One line of JSON that `decode` reads back.
std::string encode(const UnitReport &report);

/// Nothing if `text` is not a whole report.
std::optional<UnitReport> decode(llvm::StringRef text);

} // namespace sluice::checker::findings
