// The one list of checks that every host shows and runs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/CheckInfo.h"

#include "llvm/ADT/ArrayRef.h"

namespace sluice::checker::checks {

/// All checks, ordered by id.
llvm::ArrayRef<const CheckInfo *> catalogue();

/// The check with this id, with or without "sluice-" before it; null if there is none.
const CheckInfo *findCheck(llvm::StringRef id);

/// The check whose id is nearest to `id`; null if none is near.
const CheckInfo *nearestCheck(llvm::StringRef id);

/// The check's page, docs/checks/<id>.md, as it was when the checker was built.
llvm::StringRef pageOf(const CheckInfo &check);

} // namespace sluice::checker::checks
