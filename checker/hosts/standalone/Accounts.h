// How the primitives of a run were judged, as text for `--explain-verdict`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/UnitReport.h"

namespace sluice::checker::standalone {

/// What is told of one primitive by one unit, or by several that say the same.
struct Account {
  findings::Place madeAt;
  std::string text;
  auto operator<=>(const Account &) const = default;
};

/// The accounts of all primitives made at `place` ("FILE:LINE"; empty: anywhere), by place.
std::vector<Account> gatherAccounts(const std::vector<findings::UnitReport> &reports,
                                    llvm::StringRef place);

} // namespace sluice::checker::standalone
