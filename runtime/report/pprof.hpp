// A report as a profile for `go tool pprof`.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

namespace sluice::report {

/// A profile.proto, uncompressed: one sample for each entry of equal tasks, with how many they are
/// and how long all of them have waited.
std::string to_pprof(const report &r);

} // namespace sluice::report
