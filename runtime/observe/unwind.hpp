// The frames of a stack that does not run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "observe/snapshot.hpp"

#include <cstdint>
#include <vector>

namespace sluice::observe {

/// The return addresses of a parked task, innermost first; none if it has gone on since it was
/// seen, or if no unwinder is there.
std::vector<std::uintptr_t> unwind(const seen_task &parked);

/// Some address in the code of the library that unwinds parked stacks; null while it is not loaded.
/// What it keeps of its last walk are pointers into stacks.
const void *unwinder() noexcept;

/// The same for the caller's own stack.
std::vector<std::uintptr_t> unwind_here();

} // namespace sluice::observe
