// Where findings go: one interface for every output format.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Finding.h"
#include "findings/Summary.h"

#include <string>
#include <vector>

namespace sluice::checker::findings {

/// What could not be judged, and why.
struct Failure {
  std::string path; ///< of a file; empty: all files together
  std::string why;
};

/// A NOLINT that names a check of ours and silences nothing.
struct UnusedMarker {
  Place at;
  std::string text; ///< "NOLINT(sluice-deadlock)"
  std::string why;
};

/// All that a run has to say.
struct Report {
  std::vector<Finding> findings; ///< sorted, with fingerprints
  std::vector<Failure> failures;
  std::vector<JudgedPrimitive> unjudged; ///< those without a verdict, by place
  std::vector<UnusedMarker> unused;
  Summary summary;
};

/// Writes a report in one format.
class Sink {
public:
  virtual ~Sink() = default;
  /// Writes `report` as a whole.
  virtual void write(const Report &report) = 0;
};

} // namespace sluice::checker::findings
