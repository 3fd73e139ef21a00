// Writes GitLab's code quality report.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "findings/GitLabSink.h"

#include "findings/CheckGlobs.h"

#include "llvm/Support/JSON.h"

#include <algorithm>

namespace sluice::checker::findings {
namespace {

/// GitLab knows info, minor, major, critical and blocker.
const char *weight(const Finding &finding) {
  if (finding.severity == Severity::Style)
    return "info";
  return finding.definite ? "critical" : "major";
}

void writeIssue(llvm::json::OStream &json, const Finding &finding) {
  json.attribute("description", llvm::json::fixUTF8(finding.message));
  json.attribute("check_name", (checkPrefix + finding.check).str());
  json.attribute("fingerprint", finding.fingerprint);
  json.attribute("severity", weight(finding));
  json.attributeObject("location", [&] {
    json.attribute("path", llvm::json::fixUTF8(finding.at.path));
    json.attributeObject("lines", [&] {
      json.attribute("begin", finding.at.span.line);
      json.attribute("end", std::max(finding.at.span.line, finding.at.span.endLine));
    });
  });
}

} // namespace

void GitLabSink::write(const Report &report) {
  llvm::json::OStream json(out, /*IndentSize=*/2);
  json.array([&] {
    for (const Finding &finding : report.findings)
      json.object([&] { writeIssue(json, finding); });
  });
  out << '\n';
  out.flush();
}

} // namespace sluice::checker::findings
