// Writes the fixes of findings into the source files.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"
#include "findings/SourceText.h"

#include "llvm/Support/Error.h"

#include <vector>

namespace sluice::checker::standalone {

/// What was applied.
struct AppliedFixes {
  unsigned applied = 0;
  unsigned skipped = 0; ///< they overlap with one that was applied
  unsigned files = 0;
};

/// Applies the first fix of each finding. A fix is applied as a whole or not at all; edits that
/// several findings share are made once.
llvm::Expected<AppliedFixes> applyFixes(const std::vector<findings::Finding> &findings,
                                        findings::SourceText &sources);

} // namespace sluice::checker::standalone
