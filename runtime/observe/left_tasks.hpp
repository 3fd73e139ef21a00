// The tasks that are left, as findings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/describe.hpp"
#include "observe/words.hpp"

#include <cstdint>
#include <map>
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
  /// Places by the addresses of their files' names, which are of static storage.
  using key = std::tuple<verdict, core::wait_reason, const char *, std::uint32_t, const char *,
                         std::uint32_t, std::string_view>;

  const holders holders_;
  const bool every_stack_;
  symboliser symbols_;
  std::vector<report::finding> found_;
  std::map<key, std::size_t> first_; // the number of the finding
};

} // namespace sluice::observe
