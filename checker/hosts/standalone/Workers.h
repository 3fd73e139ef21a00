// Runs jobs in other processes, so that a crash in one of them costs only that one.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"

#include <chrono>
#include <cstddef>
#include <string>

namespace sluice::checker::standalone {

/// What a worker left behind.
struct WorkerResult {
  std::string output;
  std::string failure; ///< how it ended, unless it ended well: "crashed (Segmentation fault)"
};

/// What workers may use.
struct WorkerLimits {
  unsigned jobs = 1;         ///< at a time
  std::chrono::seconds time; ///< for one job; a worker that takes longer is killed
};

/// Runs `work(0)` to `work(count - 1)`, within `limits`, in child processes whose returned texts
/// come back here; `done` is called in this process as they end, in any order. A child does several
/// jobs, one after the other: a new process has all of its memory to fetch first. Those that it
/// leaves undone, as one before them crashed or took too long, another does.
void runWorkers(size_t count, WorkerLimits limits, llvm::function_ref<std::string(size_t)> work,
                llvm::function_ref<void(size_t, WorkerResult)> done);

} // namespace sluice::checker::standalone
