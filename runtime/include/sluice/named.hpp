// A primitive's name, given first in its constructor.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice {

/// Names a primitive in reports: `chan<int> jobs{named("jobs"), 16}`. The text is not copied: it
/// has to outlive the primitive, as a literal does.
struct named {
  explicit constexpr named(const char *text) noexcept : text(text) {}
  const char *text;
};

} // namespace sluice
