// The tasks that are left, as findings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/describe.hpp"
#include "observe/words.hpp"

#include <cstdint>
#include <map>
#include <source_location>
#include <string_view>
#include <tuple>
#include <vector>

namespace sluice::observe {

/// Makes findings of tasks. The stack of each takes a while to look up, and a million equal leaks
/// are one defect: of those that were started and wait at the same places only the first one's is
/// looked up, and the others are counted.
class left_tasks {
public:
  /// `all`: everybody who was seen. `every_stack`: somebody tells equal tasks by their stacks.
  left_tasks(const seen_list &all, bool every_stack) : holders_(all), every_stack_(every_stack) {}

  void add(const seen_task &t);
  std::vector<report::finding> take() { return std::move(found_); }

private:
  /// By the addresses of its names, which are of static storage.
  using place = std::tuple<const char *, const char *, std::uint32_t>;
  using key =
      std::tuple<verdict, bool, core::wait_reason, const char *, place, place, std::string_view>;

  static place place_of(const std::source_location &at) {
    return {at.file_name(), at.function_name(), at.line()};
  }

  const holders holders_;
  const bool every_stack_;
  symboliser symbols_;
  std::vector<report::finding> found_;
  std::map<key, std::size_t> first_; // the number of the finding
};

} // namespace sluice::observe
