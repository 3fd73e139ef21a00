// What has changed in the user's repository since a revision, as git tells it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/ChangedLines.h"
#include "findings/Finding.h"

#include "llvm/Support/Error.h"

#include <string>

namespace sluice::checker::standalone {

/// The difference between a revision and the files as they are now, new files included.
class GitChanges {
public:
  /// Asks git, in the directory `base`. Without a repository or such a revision it is an error.
  static llvm::Expected<GitChanges> since(const std::string &revision, const std::string &base);

  /// Whether a changed line is on the finding's path: where it stands, a step, or a note.
  bool touch(const findings::Finding &finding) const;

private:
  explicit GitChanges(std::string base) : base(std::move(base)) {}
  bool touch(const findings::Place &place) const;

  std::string base;
  findings::ChangedLines lines;
};

} // namespace sluice::checker::standalone
