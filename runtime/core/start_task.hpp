// The memory that a task's function stands in.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/task.hpp"

namespace sluice::core {

/// Gives back the memory of a function object that has been destroyed, or was never made.
void free_closure(closure &c) noexcept;

} // namespace sluice::core
