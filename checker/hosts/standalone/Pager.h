// Shows a check's page and the lists of checks and options on a terminal.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace sluice::checker::standalone {

/// Writes Markdown as text: without fences and with indented code; headings stand out on a
/// terminal.
void showPage(llvm::StringRef markdown, llvm::raw_ostream &out, bool colour);

/// One line a check: id, default, summary.
void listChecks(llvm::raw_ostream &out);

/// One line an option: key, standard value, summary.
void listOptions(llvm::raw_ostream &out);

} // namespace sluice::checker::standalone
