// Where the calling task stands, for who asks at every step.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

#include <vector>

namespace sluice::observe {

/// The caller's frames outside of the library, innermost first, inlined ones included. Debug
/// information is read where an address is new; without any there are no lines. Of one task at a
/// time.
std::vector<report::place> places_of_caller();

} // namespace sluice::observe
