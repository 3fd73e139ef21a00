// Narrows what is reported to what is new: against a baseline, and against a revision.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Baseline.h"
#include "findings/Sink.h"
#include "hosts/standalone/Arguments.h"
#include "hosts/standalone/GitChanges.h"

#include <optional>

namespace sluice::checker::standalone {

/// What the user knows already, or does not want to hear of now.
class Narrowing {
public:
  /// Reads the baseline and asks git, so that a mistake there ends the run before it begins.
  static llvm::Expected<Narrowing> create(const CheckArguments &arguments, const std::string &base);

  using Entry = findings::Baseline::Entry;

  /// Takes away from the report what is not to be shown, counts it, and writes the new baseline if
  /// there is to be one. `wasLookedAt` says whether this run would have found an entry again.
  llvm::Error apply(findings::Report &report, llvm::function_ref<bool(const Entry &)> wasLookedAt);

private:
  explicit Narrowing(const CheckArguments &arguments) : arguments(arguments) {}
  llvm::Error writeBaseline(findings::Report &report);

  const CheckArguments &arguments;
  std::optional<findings::Baseline> baseline;
  std::optional<GitChanges> changes;
};

} // namespace sluice::checker::standalone
