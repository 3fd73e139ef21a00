// Writes out what stdio still holds, without waiting for a thread that is stuck in it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::observe {

/// Flushes stdout, so that a report comes after what was printed before it.
void flush_stdout() noexcept;

/// Flushes all streams, for an end by _exit.
void flush_all() noexcept;

} // namespace sluice::observe
