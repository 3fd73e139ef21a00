// The command line of `sluice run`, read and checked.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sluice::checker::standalone {

/// How the runs of a search decide.
enum class Strategy : uint8_t { Mixed, Random, Pct, Exhaustive };

/// What the user asked for.
struct RunArguments {
  std::vector<std::string> command; ///< the program and its arguments
  unsigned explore = 0;             ///< how many runs; 0: one, without a search
  Strategy strategy = Strategy::Mixed;
  uint64_t seed = 1; ///< of the first run
  unsigned depth = 3;
  std::string guide;     ///< a file with findings to look for; empty: none
  unsigned jobs = 0;     ///< 0: one a processor
  unsigned timeout = 60; ///< seconds for one run
  bool noPor = false;    ///< exhaustive: without partial-order reduction
  bool quiet = false;
  bool help = false;
};

/// Reads the arguments after `run`. Errors say what is wrong and what to write instead.
llvm::Expected<RunArguments> readRunArguments(llvm::ArrayRef<llvm::StringRef> arguments);

/// Writes what `sluice run --help` shows.
void printRunHelp(llvm::raw_ostream &out);

} // namespace sluice::checker::standalone
