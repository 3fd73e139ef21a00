// From what was seen to what is reported: words, places and stacks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/snapshot.hpp"
#include "observe/symbols.hpp"
#include "report/finding.hpp"

namespace sluice::observe {

/// As a report shows it, with the stack if it is parked.
report::task_entry describe(const seen_task &t, symboliser &symbols);

/// A place of the user's source, or an empty one for a place in a library's header.
report::place describe(const std::source_location &where);

/// A primitive; an empty subject for null.
report::subject describe(const seen_primitive &p);

} // namespace sluice::observe
