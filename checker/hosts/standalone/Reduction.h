// Partial-order reduction: which schedules beside that of a run can make a difference.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace sluice::checker::standalone {

/// Another way to go on at a decision of a run.
struct Alternative {
  uint64_t place = 0;
  uint64_t way = 0;
  bool interrupts = false; ///< a task that could have gone on
};

/// Dynamic partial-order reduction (Flanagan, Godefroid 2005): of two steps of different tasks
/// about the same object that nothing else puts in order, the second is to come first in some other
/// run. So alternatives lie at the decision before the first, and let the second's task run: or
/// all, if that could not. `trace` is the runtime's, see runtime/explore/trace.hpp; nullopt if it
/// is not. Cases of a select are decided both ways.
std::optional<std::vector<Alternative>> relevantAlternatives(llvm::StringRef trace);

} // namespace sluice::checker::standalone
