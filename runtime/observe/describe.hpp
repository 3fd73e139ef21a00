// From what was seen to what is reported: words, places and stacks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/snapshot.hpp"
#include "observe/symbols.hpp"
#include "report/finding.hpp"

namespace sluice::observe {

/// As a report shows it, with the stack if it is parked.
report::task_entry describe(const seen_task &t, symboliser &symbols);
/// The same without its stack, what it holds, and places that only a stack tells.
report::task_entry describe_briefly(const seen_task &t);

/// A place of the user's source, or an empty one for a place in a library's header.
report::place describe(const std::source_location &where);

/// The same, but for a place in a library's header that of the frame which led there. `code` is the
/// stack of that moment, as far as it is known.
report::place describe(const std::source_location &where, std::span<const std::uintptr_t> code,
                       symboliser &symbols);

/// Where a lock was taken by a call that returned to `caller`.
report::place describe(const std::source_location &where, const void *caller, symboliser &symbols);

/// A primitive; an empty subject for null.
report::subject describe(const seen_primitive &p);

} // namespace sluice::observe
