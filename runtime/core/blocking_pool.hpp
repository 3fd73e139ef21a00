// The threads that run blocking() calls.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::core {

/// Fork: holds and releases the pool's lock around it; the child forgets its threads.
void lock_blocking_pool() noexcept;
void unlock_blocking_pool() noexcept;
void forget_blocking_pool() noexcept;

} // namespace sluice::core
