// A guide: what is said to happen, and in which order, as a checker writes it down.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::explore {

/// A line of code.
struct code_line {
  std::string file;
  unsigned line = 0;
};

/// One step: some task does what stands at a place.
struct guide_step {
  std::size_t lane = 0; // steps of one lane are one task's, of different lanes different tasks'
  std::string file;
  unsigned first_line = 0;
  unsigned last_line = 0;

  /// Whether `here` is one of its lines. Two paths are the same file if one ends with the other.
  bool is_at(const code_line &here) const;
};

/// Steps in the order in which they are said to happen.
class guide {
public:
  /// From text: a step a line as `LANE FILE:LINE` or `LANE FILE:FIRST-LAST`, where LANE is any
  /// word; lines that are empty or begin with '#' are passed over. On a mistake `wrong` says where
  /// it is.
  static guide parse(std::string_view text, std::string &wrong);

  std::vector<guide_step> steps;
  std::size_t lanes = 0;
};

} // namespace sluice::explore
