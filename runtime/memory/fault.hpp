// Reading memory that may turn out to be unreadable.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::memory {

/// Calls `f(arg)`; false if it was given up because it read what cannot be read: behind the end of
/// a file, or a guard that no list shows. To be called while the world stands still, by one thread
/// at a time. What `f` has on its stack is not destroyed then.
bool without_fault(void (*f)(void *arg), void *arg) noexcept;

} // namespace sluice::memory
