// How many processors this process may use.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::core {

/// The affinity mask or the control group's quota (rounded up), whichever is smaller; at least one.
unsigned usable_processors() noexcept;

} // namespace sluice::core
