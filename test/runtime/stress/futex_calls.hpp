// What these tests change about the scheduler's calls of the kernel: sleeps without time-outs, and
// wakers that dawdle.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::test {

/// Sleeps of scheduler threads so far.
unsigned long worker_sleeps() noexcept;

/// Those among them whose time-out was taken away.
unsigned long time_outs_taken() noexcept;

/// While one lives, whoever has woken a thread goes on only a while later: the one it woke has done
/// all it wanted to by then.
class dawdling_wakers {
public:
  dawdling_wakers() noexcept;
  ~dawdling_wakers();
  dawdling_wakers(const dawdling_wakers &) = delete;
};

} // namespace sluice::test
