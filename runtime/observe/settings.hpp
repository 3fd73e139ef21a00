// What the options say of leak and deadlock detection.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/output.hpp"

#include <string>

namespace sluice::observe {

/// Which unfinished tasks a report shows.
enum class unfinished_shown { none, blocked, all };

/// What happens once a deadlock has been reported.
enum class deadlock_action { exit, abort, go_on };

/// The settings of observe/; the table in start/options.cpp documents each.
struct settings {
  bool detect_leaks = true;
  bool detect_lock_order = true;
  unsigned grace_ms = 200;
  int exitcode = 23;
  bool strict = false;
  unfinished_shown report_unfinished = unfinished_shown::blocked;
  deadlock_action on_deadlock = deadlock_action::exit;
  std::string suppressions; // a file; empty: none
  report::output_settings output;
  /// Where the search of interleavings stands; null: nothing is searched.
  report::search_state (*search_state)() = nullptr;
};

} // namespace sluice::observe
