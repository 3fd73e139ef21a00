// Looks for deadlocks while the program runs: when, and how often.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::observe {

/// Starts the watch, which first looks at somebody who has been blocked for `deadlock_ms` (not 0).
/// Later calls do nothing.
void start_watch(unsigned deadlock_ms) noexcept;

/// Somebody may have begun to wait since the watch last looked. Costs one load as long as it is up.
void rouse_watch() noexcept;

/// The child of a fork has none.
void forget_watch() noexcept;

} // namespace sluice::observe
