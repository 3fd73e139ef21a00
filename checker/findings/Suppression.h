// Comments in the source that silence findings: NOLINT and its family.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"
#include "findings/SourceText.h"

namespace sluice::checker::findings {

/// Whether NOLINT on the finding's line, NOLINTNEXTLINE above it, or a NOLINTBEGIN that has not
/// ended covers the finding. Only its main place counts, as in clang-tidy.
bool isSuppressed(const Finding &finding, SourceText &sources);

} // namespace sluice::checker::findings
