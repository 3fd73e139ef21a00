// The values that task_local keeps for one task or thread.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/execution.hpp"

namespace sluice::core {

/// Destroys the values of `who`, newest first; may make new ones, which are destroyed too.
void destroy_locals(execution &who) noexcept;

} // namespace sluice::core
