// Findings as the protocol's diagnostics, code actions, hovers and lenses, and as pictures.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "findings/SourceText.h"
#include "hosts/lsp/Text.h"

#include <string>
#include <vector>

namespace sluice::checker::lsp {

/// What is known of a document: the findings in it and the texts they point into, which are those
/// of the version that was judged.
struct Judged {
  std::vector<findings::Finding> findings; ///< with absolute paths
  findings::SourceText sources;
};

/// A diagnostic, with the notes as related information.
llvm::json::Value diagnosticOf(const findings::Finding &finding, Judged &judged);

/// The actions for the findings that one of `ranges` touches in the file `path`: proved repairs,
/// other fixes, and comments that silence.
llvm::json::Value actionsFor(Judged &judged, llvm::StringRef path, llvm::ArrayRef<Range> ranges);

/// The page of the check whose finding stands at `at`; null if there is none.
llvm::json::Value hoverAt(Judged &judged, llvm::StringRef path, Position at);

/// One for each place of the file where tasks are started that never finish.
llvm::json::Value lensesIn(Judged &judged, llvm::StringRef path);

/// How `finding` comes about, as a fragment of HTML with the place of each of its steps; the place
/// of a step that has none is null.
llvm::json::Value witnessOf(const findings::Finding &finding, Judged &judged);

} // namespace sluice::checker::lsp
