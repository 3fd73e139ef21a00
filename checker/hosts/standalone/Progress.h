// The line on a terminal that says how far a run is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

#include <chrono>
#include <string>

namespace sluice::checker::standalone {

/// Shows "[k/n] 12 s left, file" on standard error if that is a terminal; says nothing in a log.
class Progress {
public:
  /// `known` of them are done already, and took no time.
  Progress(size_t total, bool quiet, size_t known = 0);
  /// Leaves "[n/n] 38 s" behind.
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  /// One more is done.
  void finished(llvm::StringRef file);

private:
  std::string timeLeft() const;

  size_t total;
  size_t known;
  size_t done;
  bool shown;
  std::chrono::steady_clock::time_point begin = std::chrono::steady_clock::now();
};

} // namespace sluice::checker::standalone
