// Links the summaries of a program's units and judges what spans them.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "checks/program/Summary.h"

namespace sluice::checker::checks {

/// How to link.
struct LinkOptions {
  bool onlyDefinite = false;
  bool account = false;
};

/// What linking gave.
struct LinkResult {
  findings::UnitReport report; ///< of the scopes that span units, and nothing else
  uint32_t programs = 0;       ///< that were joined, each from the code of a few units
  uint32_t explored = 0;       ///< of them: not known from an earlier run
};

/// Where verdicts on programs that were joined are kept, by the digest of all they depend on.
class LinkMemory {
public:
  virtual ~LinkMemory() = default;
  virtual std::optional<std::string> find(const std::string &key) = 0;
  virtual void keep(const std::string &key, llvm::StringRef report) = 0;
};

/// Gives the summary of a unit; without its report. Asked as often as it is needed: what spans few
/// units must not hold the code of all.
using LoadSummary = llvm::function_ref<llvm::Expected<Summary>(size_t unit)>;

/// Judges what spans `units` units. With a memory, what has not changed since is not judged again.
llvm::Expected<LinkResult> linkSummaries(size_t units, LoadSummary load, const LinkOptions &options,
                                         LinkMemory *memory);

/// Puts together what the units say, judged alone, and what linking adds; gives what is left of
/// the latter.
///
/// A finding of a unit stands, unless linking has judged its scope to the end and verified all that
/// it is about. Linking adds verdicts and takes none back; what both say at one place is told in
/// the words of the unit, whose repairs were proved.
findings::UnitReport weighLinked(std::vector<findings::UnitReport> &units,
                                 const std::vector<std::string> &names,
                                 findings::UnitReport linked);

} // namespace sluice::checker::checks
