// Findings as SARIF 2.1.0, for code review tools.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Sink.h"
#include "findings/SourceText.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <map>

namespace sluice::checker::findings {

/// What SARIF says of a check.
struct Rule {
  std::string id;
  std::string summary;
  std::string help; ///< Markdown
  Severity severity = Severity::Warning;
  bool defaultOn = true;
};

/// Writes one SARIF log with one run.
class SarifSink : public Sink {
public:
  /// Neither `out` nor `sources` is owned.
  SarifSink(llvm::raw_ostream &out, SourceText &sources, std::vector<Rule> rules,
            std::string version);

  void write(const Report &report) override;

private:
  llvm::json::Object tool() const;
  llvm::json::Object result(const Finding &finding);
  llvm::json::Object location(const Place &at);
  llvm::json::Object region(const Place &at);
  llvm::json::Array codeFlows(const Finding &finding);
  llvm::json::Array fixes(const Finding &finding);
  llvm::json::Array related(const Finding &finding);

  llvm::raw_ostream &out;
  SourceText &sources;
  std::vector<Rule> rules;
  std::map<std::string, int64_t> ruleIndex;
  std::string version;
};

} // namespace sluice::checker::findings
