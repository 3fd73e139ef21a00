// Names and lines for addresses of code.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "report/finding.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sluice::observe {

/// The frames of a stack, inlined ones included. Without debug information a frame is the function
/// and its module; `ours` marks the library's own and the standard library's headers.
std::vector<report::frame> symbolise(std::span<const std::uintptr_t> return_addresses);

/// The first frame that is neither ours nor a standard header's, as a place.
report::place user_place(std::span<const report::frame> stack);

/// Whether `file` is a header of the standard library or of this one.
bool is_library_file(const char *file);

} // namespace sluice::observe
