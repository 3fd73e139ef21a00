// Findings of a checker as guides for runs that look for them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::checker::standalone {

struct RunOutcome;

/// One finding with its witness.
struct Guide {
  std::string message;
  std::string file; ///< where it stands, with lines from the first to the last
  uint64_t firstLine = 0, lastLine = 0;
  std::string steps; ///< in the text form that the runtime reads: LANE FILE:FIRST-LAST a line

  /// Whether a task of a finding of the run is blocked there.
  bool isSeenIn(const RunOutcome &outcome) const;
};

/// The findings of a SARIF log that have a code flow. It is an error if there are none.
llvm::Expected<std::vector<Guide>> readGuides(llvm::StringRef path);

} // namespace sluice::checker::standalone
