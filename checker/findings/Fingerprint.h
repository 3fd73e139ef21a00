// Names for findings that stay the same while lines are added around them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"
#include "findings/SourceText.h"

namespace sluice::checker::findings {

/// Fills in the fingerprint of each finding: a hash of check, path, the trimmed line, and the how
/// manieth finding with those three it is.
void assignFingerprints(std::vector<Finding> &findings, SourceText &sources);

} // namespace sluice::checker::findings
