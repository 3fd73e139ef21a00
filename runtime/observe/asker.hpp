// Who asks for a judgement, and where its live memory begins.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"

#include <cstdint>

namespace sluice::observe {

/// Whoever asks counts as running. What lies above `frame` on its stack is live.
struct asker {
  std::uintptr_t frame = 0;
  const core::execution *who = nullptr;
};

/// Calls `f(from, arg)` with the caller as the asker. Its frame holds the caller's registers and
/// nothing else: the frames of the judgement itself, with what earlier calls left in them, lie
/// below and are not looked at.
[[gnu::noinline]] void with_asker(void (*f)(const asker &from, void *arg), void *arg);

} // namespace sluice::observe
