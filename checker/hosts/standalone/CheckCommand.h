// `sluice check`: judges units, gathers what they gave, and writes it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "hosts/standalone/Arguments.h"

namespace sluice::checker::standalone {

/// Exit statuses, the same for every subcommand.
enum ExitStatus : int {
  NothingFound = 0,
  FindingsFound = 1,
  CouldNotJudge = 2,
  TooLittleJudged = 3
};

/// Runs the command; the answer is the exit status.
int runCheck(const CheckArguments &arguments, const std::string &resourceDir);

/// Runs `sluice link`: the files of `arguments` are summaries.
int runLink(const CheckArguments &arguments);

/// Writes "sluice: error: …" to standard error; the answer is CouldNotJudge.
int fail(const llvm::Twine &message);

} // namespace sluice::checker::standalone
