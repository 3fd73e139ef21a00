// Findings as one HTML file that needs nothing beside it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Sink.h"
#include "findings/SourceText.h"
#include "findings/WitnessPicture.h"

#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::findings {

/// Writes a page that can be read without a network and used by keyboard. All text of the user's
/// is escaped, and the page's policy lets no other script run than its own.
class HtmlSink : public Sink {
public:
  /// Neither `out` nor `sources` is owned.
  HtmlSink(llvm::raw_ostream &out, SourceText &sources, std::string version)
      : out(out), sources(sources), version(std::move(version)) {}

  void write(const Report &report) override;

  /// The part of the page that shows how a finding comes about, to stand in another page that has
  /// the same style: the picture with its steps, if there are any, and the remarks. `id` is put
  /// before the ids of its parts.
  void witness(const Finding &finding, const std::string &id);

private:
  void head(const Report &report);
  void bar(const Summary &summary);
  void contents(const Report &report);
  void finding(const Finding &finding, size_t number);
  void meta(const Finding &finding);
  void excerpt(const Place &at);
  void row(const Place &at, uint32_t number);
  void marked(llvm::StringRef line, const Place &at, uint32_t number);
  void path(const Finding &finding, const std::string &id);
  void step(const Row &row, const std::string &id);
  void notes(const Finding &finding);
  void fix(const Fix &fix);
  void unjudged(const Report &report);
  void failures(const Report &report);
  void primitives(const Report &report);
  void unused(const Report &report);
  void body(const Report &report);

  llvm::raw_ostream &out;
  SourceText &sources;
  std::string version;
};

} // namespace sluice::checker::findings
