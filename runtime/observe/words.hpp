// The words that reports and the checker share: operations, kinds of primitives, check ids.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/event.hpp"
#include "observe/snapshot.hpp"

namespace sluice::observe {

/// The operation's name in reports.
const char *word(core::wait_reason reason) noexcept;

/// The primitive's name in reports.
const char *word(core::primitive_kind kind) noexcept;

/// The check that explains a task found waiting by itself (leaked or unfinished).
const char *check_for_wait(const seen_task &t) noexcept;

/// The check that explains a misuse, and what the misuse is in words.
const char *check_for(core::misuse_kind kind) noexcept;
const char *describe(core::misuse_kind kind) noexcept;

/// Why a leaked task can never go on, for its operation.
const char *why_leaked(const seen_task &t) noexcept;

} // namespace sluice::observe
