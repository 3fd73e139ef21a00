// Order and identity of findings.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/Finding.h"

#include <algorithm>
#include <tuple>

namespace sluice::checker::findings {

const char *name(Severity severity) { return severity == Severity::Style ? "style" : "warning"; }

namespace {

/// A header is read by several units, and each of them may find the same.
auto identity(const Finding &finding) {
  return std::tie(finding.at, finding.check, finding.message);
}

} // namespace

void sortAndFold(std::vector<Finding> &findings) {
  std::sort(findings.begin(), findings.end(),
            [](const Finding &a, const Finding &b) { return identity(a) < identity(b); });
  auto same = [](const Finding &a, const Finding &b) { return identity(a) == identity(b); };
  findings.erase(std::unique(findings.begin(), findings.end(), same), findings.end());
}

} // namespace sluice::checker::findings
