// A place in the user's source, as skeletons, verdicts and findings name it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <compare>
#include <cstdint>

namespace sluice::checker::skeleton {

/// Lines and columns count from 1, columns in bytes. Line 0 means "no place".
struct Span {
  uint32_t file = 0; ///< index into Program::files
  uint32_t line = 0;
  uint32_t column = 0;
  uint32_t endLine = 0;
  uint32_t endColumn = 0; ///< one past the last character

  bool valid() const { return line != 0; }
  auto operator<=>(const Span &) const = default;
};

} // namespace sluice::checker::skeleton
