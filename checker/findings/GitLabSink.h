// Findings as GitLab's code quality report.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Sink.h"

#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::findings {

/// Writes one array of issues. GitLab takes paths relative to the repository, so sluice is to be
/// run in its top directory.
class GitLabSink : public Sink {
public:
  /// `out` is not owned.
  explicit GitLabSink(llvm::raw_ostream &out) : out(out) {}

  void write(const Report &report) override;

private:
  llvm::raw_ostream &out;
};

} // namespace sluice::checker::findings
