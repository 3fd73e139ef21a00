// The fixed parts of the HTML report, which lie in checker/findings/page.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

namespace sluice::checker::findings {

struct ReportPage {
  llvm::StringRef frame; ///< with places such as {{body}}
  llvm::StringRef style;
  llvm::StringRef script;
};

/// As they were when the checker was built.
ReportPage reportPage();

} // namespace sluice::checker::findings
