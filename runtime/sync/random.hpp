// Random choice for select.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include <cstdint>

namespace sluice::core {

/// Uniform among 0 … n-1. Never inlined, since it reads a thread-local and its callers park.
[[gnu::noinline]] std::uint32_t random_below(std::uint32_t n) noexcept;

} // namespace sluice::core
