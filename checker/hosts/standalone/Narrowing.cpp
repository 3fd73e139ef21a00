// Applies --baseline, --write-baseline and --diff to a report.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "hosts/standalone/Narrowing.h"

#include "hosts/standalone/Flags.h"

namespace sluice::checker::standalone {

using findings::Baseline;
using findings::Finding;

llvm::Expected<Narrowing> Narrowing::create(const CheckArguments &arguments,
                                            const std::string &base) {
  Narrowing narrowing(arguments);
  if (!arguments.baseline.empty()) {
    auto baseline = Baseline::read(arguments.baseline);
    if (!baseline)
      return baseline.takeError();
    narrowing.baseline = std::move(*baseline);
  }
  if (!arguments.diff.empty()) {
    auto changes = GitChanges::since(arguments.diff, base);
    if (!changes)
      return mistake("--diff: " + llvm::toString(changes.takeError()));
    narrowing.changes = std::move(*changes);
  }
  return narrowing;
}

/// What the old baseline has of files that this run did not look at stays in the new one.
llvm::Error Narrowing::writeBaseline(findings::Report &report) {
  Baseline all = baseline.value_or(Baseline());
  for (const Finding &finding : report.findings)
    all.add(finding);
  if (llvm::Error error = all.write(arguments.writeBaseline))
    return error;
  report.summary.written = arguments.writeBaseline;
  report.summary.known = static_cast<uint32_t>(all.entries().size());
  report.summary.gone = 0;
  report.findings.clear();
  return llvm::Error::success();
}

llvm::Error Narrowing::apply(findings::Report &report,
                             llvm::function_ref<bool(const Entry &)> wasLookedAt) {
  findings::Summary &summary = report.summary;
  if (baseline) {
    std::vector<Finding> fresh;
    for (Finding &finding : report.findings)
      if (!baseline->has(finding) || !arguments.writeBaseline.empty())
        fresh.push_back(std::move(finding));
    summary.known = static_cast<uint32_t>(report.findings.size() - fresh.size());
    report.findings = std::move(fresh);
    summary.gone = baseline->dropGone(wasLookedAt);
  }
  if (!arguments.writeBaseline.empty())
    return writeBaseline(report);
  if (changes)
    summary.elsewhere = static_cast<uint32_t>(std::erase_if(
        report.findings, [&](const Finding &finding) { return !changes->touch(finding); }));
  return llvm::Error::success();
}

} // namespace sluice::checker::standalone
