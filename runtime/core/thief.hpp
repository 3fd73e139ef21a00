// What a worker without work may take from others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/worker.hpp"

namespace sluice::core {

/// Watches one of the others for some ten microseconds, and takes what would wait there for too
/// long: half of a queue that is not worked off in time, or a next-to-run task that does not get to
/// run.
runnable *take_overdue(worker &w, worker *workers, unsigned count) noexcept;

} // namespace sluice::core
