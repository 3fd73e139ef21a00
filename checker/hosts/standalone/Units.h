// The translation units of a run, and the commands that compile them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/Arguments.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace sluice::checker::standalone {

/// One unit: a file and how it is compiled. A skeleton file has no command.
struct UnitCommand {
  std::string file;      ///< absolute
  std::string shown;     ///< as the user sees it
  std::string directory; ///< where the compiler runs
  std::vector<std::string> arguments;

  bool isSkeleton() const;
};

/// All units that the arguments name, each once, in the order of the command line or database.
llvm::Expected<std::vector<UnitCommand>> findUnits(const CheckArguments &arguments,
                                                   const std::string &base);

/// The folder of the compilation database that the arguments name or lead to; empty if there is
/// none.
std::string findDatabaseFolder(const CheckArguments &arguments, const std::string &base);

} // namespace sluice::checker::standalone
