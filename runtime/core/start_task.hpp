// The two ends of a task's function: the memory it stands in, and its way to a queue.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/task.hpp"

namespace sluice::core {

/// Gives back the memory of a closure that has been destroyed.
void free_closure(task &t) noexcept;

/// Queues a task whose closure and books are complete.
void launch(task *t) noexcept;

} // namespace sluice::core
