// A report as text for people.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

namespace sluice::report {

/// How text is written.
struct text_style {
  bool colour = false;
  int pid = 0;
  int verbosity = 0;  // 1 and more: the library's own frames, full names and suppressions too
  unsigned width = 0; // of the terminal; 0: lines are not broken
};

/// The findings from `first` on, without the summary. Empty when there are none.
std::string to_text(const report &r, const text_style &style, std::size_t first = 0);

/// The stable last line, with its newline.
std::string summary_line(const report &r);

/// A function's bare name from what the compiler calls it: `search` for
/// `std::optional<result> search(std::string)`.
std::string bare_function(const std::string &pretty);

/// The same with its scopes, without parameters and long arguments, for people:
/// `search(...)::{lambda}`.
std::string shortened_function(const std::string &pretty);

/// The function's name without the type of its result.
std::string qualified_name(const std::string &pretty);

/// A type without what the standard library's inline namespaces and defaults add to it.
std::string shortened_type(const std::string &type);

/// The line that shows how to do a searched run again, with its newline; `command` is what the
/// shell calls the program.
std::string replay_line(const search_state &s, const std::string &command);

/// `file:line`, relative to the working directory where it lies below it; the
/// function, with what is known of the file, where the line is not known.
std::string to_text(const place &p);

} // namespace sluice::report
