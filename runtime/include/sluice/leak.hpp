// Asking which tasks can never finish.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <sluice/standard/chrono.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sluice {

/// A place in the source; empty where it is not known.
struct leak_place {
  std::string file;
  unsigned line = 0;
  std::string function;
};

/// A primitive that a task waits on.
struct leak_primitive {
  std::string kind; // "chan", "mutex", ...
  std::string name; // empty: none given
  leak_place made_at;
};

/// How sure it is that a task is left for good.
enum class leak_certainty {
  leaked,     // nothing that can still run can wake it
  unfinished, // it is still there, but could in principle go on
};

/// One task that is left.
struct leak {
  std::uint64_t id = 0;
  std::string name;
  leak_certainty certainty = leak_certainty::leaked;
  leak_place started_at;
  std::string operation; // "send", "recv", "lock", ...
  leak_place where;
  std::optional<leak_primitive> on;
  std::chrono::milliseconds since{0}; // how long it has waited
  std::vector<leak_place> stack;      // innermost first, without the library's own frames
  std::string why;                    // why it can never go on, or may; one clause
  std::string check;                  // what `sluice explain` takes
  std::uint64_t tag = 0;              // see set_task_tag()
};

/// What check_leaks() does.
struct leak_check_options {
  /// How long tasks that could still finish are waited for.
  std::chrono::milliseconds grace{200};
};

/// The tasks that are blocked now and can be shown never to run again.
///
///     assert(sluice::find_leaks().empty());
std::vector<leak> find_leaks();

/// Waits while some task could still finish, at most the grace period; then all tasks that are
/// left, those found leaked first. Background tasks are not among them.
std::vector<leak> check_leaks(const leak_check_options &options = {});

/// Marks all tasks that the caller starts from now on, and all that they start in turn, by a number
/// of the program's choice; returns the one until now. So what is left can be told by who began it:
/// a test, a request. 0 at first.
std::uint64_t set_task_tag(std::uint64_t tag);

} // namespace sluice
