// Tells the books of an exception that is about to end the process.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::core {

/// Puts a handler in front of the terminate handler there is. Idempotent.
void name_task_on_terminate() noexcept;

} // namespace sluice::core
