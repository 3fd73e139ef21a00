// Says which task has used up its stack, before the process dies of it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::core {

/// Installs the handler for segmentation faults, in front of the one there is. Idempotent.
void handle_overflows() noexcept;

/// Gives the calling thread an alternate signal stack unless it has one.
void catch_overflows_on_this_thread() noexcept;

} // namespace sluice::core
