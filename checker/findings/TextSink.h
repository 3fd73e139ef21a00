// Findings for people: one diagnostic with its excerpt and notes after the other.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Sink.h"
#include "findings/SourceText.h"

#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::findings {

/// Writes what compilers write, so that editors find the places.
class TextSink : public Sink {
public:
  /// `colour` is for terminals. Neither `out` nor `sources` is owned.
  TextSink(llvm::raw_ostream &out, SourceText &sources, bool colour)
      : out(out), sources(sources), colour(colour) {}

  void write(const Report &report) override;

private:
  void writeFinding(const Finding &finding);
  void writeHead(const Place &at, llvm::StringRef kind, llvm::raw_ostream::Colors paint);
  void writeExcerpt(const Place &at);
  void paint(llvm::raw_ostream::Colors colour, bool bold);
  void plain();

  llvm::raw_ostream &out;
  SourceText &sources;
  bool colour;
};

} // namespace sluice::checker::findings
