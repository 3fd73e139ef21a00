// A mode in which no scheduler thread wakes by itself to look in on the others.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::test {

/// Sleeps of scheduler threads so far.
unsigned long worker_sleeps() noexcept;

/// Those among them whose time-out was taken away.
unsigned long time_outs_taken() noexcept;

} // namespace sluice::test
