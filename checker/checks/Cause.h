// Decides which check answers for a verdict.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/Story.h"

#include "llvm/ADT/StringRef.h"

namespace sluice::checker::checks {

/// The id of the check that names the verdict's cause, the most specific one; empty if no check
/// of the catalogue answers for it.
llvm::StringRef causeOf(const Story &story);

/// Where the finding for the verdict stands: at the blocked operation, for `blocking-under-lock`
/// at the operation that keeps the lock from being released.
skeleton::Span placeOf(const Story &story);

} // namespace sluice::checker::checks
