// The words that reports and the checker share: operations, kinds of primitives, check ids.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/event.hpp"
#include "observe/snapshot.hpp"
#include "report/finding.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sluice::observe {

/// The operation's name in reports.
const char *word(core::wait_reason reason) noexcept;

/// The primitive's name in reports.
const char *word(core::primitive_kind kind) noexcept;

/// The check that explains a task found waiting by itself (leaked or unfinished).
const char *check_for_wait(const seen_task &t) noexcept;

/// The check that explains a misuse, what the misuse is in words, and what happened at its places.
const char *check_for(core::misuse_kind kind) noexcept;
const char *describe(core::misuse_kind kind) noexcept;
std::pair<const char *, const char *> places_of(core::misuse_kind kind) noexcept;

/// Those of a list that hold locks, so that many can be told who keeps them out.
class holders {
public:
  explicit holders(const seen_list &all);
  /// The first of the list that holds `lock`; null: nobody does.
  const seen_task *of(const core::primitive *lock) const;

private:
  std::unordered_map<const core::primitive *, const seen_task *> by_lock_;
};

/// Why a leaked task can never go on, and why another may.
std::string why_leaked(const seen_task &t, const holders &all);
std::string why_unfinished(const seen_task &t);

/// Why none of `tasks` can go on.
std::string why_deadlocked(std::string_view check, std::size_t tasks, bool only_locks);

/// What to do about it; empty where there is nothing to say in a line.
std::string advice(report::finding_kind kind, std::string_view check);

} // namespace sluice::observe
