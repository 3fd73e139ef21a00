// Findings that the user has decided to live with.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

#include <stdexcept>

namespace sluice::report {

/// What is wrong with a suppression file, as `file:line: message`.
struct suppression_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Lines `kind:pattern`; `#` starts a comment. The kind is one of a finding or `*`; the pattern, in
/// which `*` stands for any text, must occur in a frame, a task's name or the place of its start.
class suppressions {
public:
  /// Throws suppression_error.
  static suppressions read(const std::string &path);

  bool empty() const { return rules_.empty(); }
  /// Whether every task of `f` is covered, so that nothing is left to report.
  bool cover(const finding &f) const;

private:
  struct rule {
    std::string kind;
    std::string pattern;
  };
  static rule parse(const std::string &line, const std::string &at);
  bool cover(const finding &f, const task_entry &t) const;

  std::vector<rule> rules_;
};

} // namespace sluice::report
