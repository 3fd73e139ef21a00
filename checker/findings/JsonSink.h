// Findings as JSON, for programs of the user's own.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/Sink.h"

#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::findings {

/// Writes one object, as docs/design/report-format.md describes it.
class JsonSink : public Sink {
public:
  /// `out` is not owned.
  explicit JsonSink(llvm::raw_ostream &out) : out(out) {}

  void write(const Report &report) override;

private:
  llvm::raw_ostream &out;
};

} // namespace sluice::checker::findings
