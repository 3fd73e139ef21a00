// Ends the process, saying what hangs, when nothing has come to its end for too long.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

namespace sluice::test {

/// Starts the watch; called once, by main.
void start_watchdog();

/// The clock starts anew: `what` begins, with this seed. The text must live on.
void watch(const char *what, std::uint64_t seed) noexcept;

/// Nothing is under way.
void unwatch() noexcept;

} // namespace sluice::test
