// What these tests know and change of the scheduler's calls of the kernel: how threads sleep, and
// wakers that dawdle.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

namespace sluice::test {

/// Sleeps of scheduler threads so far.
unsigned long worker_sleeps() noexcept;

/// Those among them that would end by themselves within 100 ms.
unsigned long short_worker_sleeps() noexcept;

/// While one lives, whoever has woken a thread goes on only a while later: the one it woke has done
/// all it wanted to by then.
class dawdling_wakers {
public:
  dawdling_wakers() noexcept;
  ~dawdling_wakers();
  dawdling_wakers(const dawdling_wakers &) = delete;
};

} // namespace sluice::test
