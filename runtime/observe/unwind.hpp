// The frames of a stack that does not run.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/context.hpp"

#include <cstdint>
#include <vector>

namespace sluice::observe {

/// Return addresses, innermost first, of a parked stack that ends at `top`. Empty where libunwind
/// is not installed. The stack must not run meanwhile.
std::vector<std::uintptr_t> unwind(const core::saved_context &parked, const char *top);

/// Some address in the code of the library that unwinds parked stacks; null while it is not loaded.
/// What it keeps of its last walk are pointers into stacks.
const void *unwinder() noexcept;

/// The same for the caller's own stack.
std::vector<std::uintptr_t> unwind_here();

} // namespace sluice::observe
