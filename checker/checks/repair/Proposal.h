// A change of a unit's main file that may repair a defect, before anybody has proved it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <string>
#include <vector>

namespace sluice::checker::checks {

/// Text to put in place of the bytes from `begin` to `end`.
struct TextEdit {
  unsigned begin = 0;
  unsigned end = 0;
  std::string text;
  auto operator<=>(const TextEdit &) const = default;
};

/// One repair. Its edits do not overlap.
struct Proposal {
  std::string description;
  std::vector<TextEdit> edits;
};

} // namespace sluice::checker::checks
