// The two ends of exit(): the report, and the status.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::start {

/// Reports what is left, unless that has been done.
void report_now();

/// Ends the process with the status that findings call for, if there are any.
void apply_status_now();

} // namespace sluice::start
