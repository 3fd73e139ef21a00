// Paths in URIs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "llvm/ADT/StringRef.h"

#include <string>

namespace sluice::checker::findings {

/// Percent-encodes what the path of a URI may not hold.
std::string encodePath(llvm::StringRef path);

/// Undoes that.
std::string decodePath(llvm::StringRef encoded);

} // namespace sluice::checker::findings
