// A type with one value, for channels that carry nothing but the signal.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice {

/// An empty value; all are equal.
struct unit {
  friend constexpr bool operator==(unit, unit) noexcept { return true; }
};

} // namespace sluice
