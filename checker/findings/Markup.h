// User text made safe to stand in HTML.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace sluice::checker::findings {

/// `text` as HTML that shows it, also inside of an attribute in double quotes: no character of it
/// is markup, bytes that are no UTF-8 and control characters are shown as a replacement.
std::string escaped(llvm::StringRef text);

/// `text` cut to at most `length` characters, the last of which is then an ellipsis.
std::string shortened(llvm::StringRef text, size_t length);

} // namespace sluice::checker::findings
