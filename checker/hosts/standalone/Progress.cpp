// Rewrites one line of a terminal.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Progress.h"

#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::standalone {
namespace {

constexpr llvm::StringLiteral clearLine = "\r\x1b[K";

} // namespace

Progress::Progress(size_t total, bool quiet, size_t known)
    : total(total), known(known), done(known),
      shown(!quiet && total > 1 && llvm::errs().is_displayed()) {}

Progress::~Progress() {
  if (!shown)
    return;
  auto passed = std::chrono::steady_clock::now() - begin;
  llvm::errs() << clearLine << '[' << done << '/' << total << "] "
               << std::chrono::duration_cast<std::chrono::seconds>(passed).count() << " s\n";
}

/// Files differ, so the first few say nothing about the rest.
std::string Progress::timeLeft() const {
  constexpr size_t fewest = 4;
  if (done - known < fewest || done == total)
    return "";
  std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
  double each = passed.count() / double(done - known);
  auto left = static_cast<uint64_t>(each * double(total - done)) + 1;
  if (left < 120)
    return std::to_string(left) + " s left, ";
  return std::to_string((left + 59) / 60) + " min left, ";
}

void Progress::finished(llvm::StringRef file) {
  ++done;
  if (shown)
    llvm::errs() << clearLine << '[' << done << '/' << total << "] " << timeLeft() << file;
}

} // namespace sluice::checker::standalone
