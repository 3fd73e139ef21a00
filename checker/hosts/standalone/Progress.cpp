// Rewrites one line of a terminal.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Progress.h"

#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::standalone {
namespace {

constexpr llvm::StringLiteral clearLine = "\r\x1b[K";

} // namespace

Progress::Progress(size_t total, bool quiet)
    : total(total), shown(!quiet && total > 1 && llvm::errs().is_displayed()) {}

Progress::~Progress() {
  if (!shown)
    return;
  auto passed = std::chrono::steady_clock::now() - begin;
  llvm::errs() << clearLine << '[' << done << '/' << total << "] "
               << std::chrono::duration_cast<std::chrono::seconds>(passed).count() << " s\n";
}

void Progress::finished(llvm::StringRef file) {
  ++done;
  if (shown)
    llvm::errs() << clearLine << '[' << done << '/' << total << "] " << file;
}

} // namespace sluice::checker::standalone
