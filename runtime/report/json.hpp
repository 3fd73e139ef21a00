// A report as one JSON object for programs.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

namespace sluice::report {

/// The whole report as one valid object, whatever bytes names contain; ends in a newline.
std::string to_json(const report &r);

} // namespace sluice::report
