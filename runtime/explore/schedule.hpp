// A schedule: the decisions of a run, in memory and as text.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::explore {

/// The decisions of a run in their order, where there was more than one way to go on. 0 is what
/// happens without a schedule: the present task goes on; else the one that has been ready longest
/// runs; of several cases of a select the first is taken.
class schedule {
public:
  /// Adds a decision.
  void add(std::uint32_t decision) { decisions.push_back(decision); }
  /// The decision at place `i`; 0 beyond the end.
  std::uint32_t at(std::size_t i) const { return i < decisions.size() ? decisions[i] : 0; }
  std::size_t size() const { return decisions.size(); }

  /// The decisions other than 0, each as PLACE.DECISION in decimal, joined by '-', each place
  /// counted from the one before; "0" if there are none.
  std::string text() const;
  /// The schedule that `text` stands for; nothing if it stands for none.
  static std::optional<schedule> parse(std::string_view text);

private:
  std::vector<std::uint32_t> decisions;
};

} // namespace sluice::explore
