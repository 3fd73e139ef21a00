// The line on a terminal that says how far a run is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

#include <chrono>

namespace sluice::checker::standalone {

/// Shows "[k/n] file" on standard error if that is a terminal; says nothing in a log.
class Progress {
public:
  Progress(size_t total, bool quiet);
  /// Leaves "[n/n] 38 s" behind.
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  /// One more is done.
  void finished(llvm::StringRef file);

private:
  size_t total;
  size_t done = 0;
  bool shown;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
};

} // namespace sluice::checker::standalone
