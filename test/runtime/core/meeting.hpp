// The smallest primitive that parks, for tests of parking alone: someone waits, someone else wakes.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/park.hpp"
#include "core/switch.hpp"
#include "core/sanitizer.hpp"

#include <mutex>
#include <utility>

namespace sluice::test {

/// A binary semaphore for one waiter at a time, from tasks and threads.
class meeting {
public:
  /// Waits for a signal; false if the deadline came first.
  bool wait(clock::time_point deadline = clock::time_point::max(), bool hand_over = false) {
    core::operation_point();
    lock.lock();
    if (signalled) {
      signalled = false;
      lock.unlock();
      return true;
    }
    core::ticket t(core::self());
    waiter = &t;
    next = hand_over;
    const core::wait_info info{core::wait_reason::wait, nullptr, std::source_location::current()};
    core::happens_before(&lock);
    const auto got = core::park(t, info, &core::release_spinlock, &lock, deadline);
    if (got != core::ticket::timed_out)
      return true;
    std::lock_guard hold(lock);
    if (waiter == &t)
      waiter = nullptr;
    return false;
  }

  /// Wakes the waiter, or the next one. Whoever of the two goes on may destroy this.
  void signal() {
    core::operation_point();
    lock.lock();
    core::ticket *t = std::exchange(waiter, nullptr);
    core::execution *who = t ? t->who : nullptr; // the ticket is gone once it has been claimed
    const bool claimed = t && t->claim(0);
    const bool hand_over = next;
    signalled = signalled || !claimed;
    lock.unlock();
    if (claimed)
      hand_over ? core::unpark_next(who, core::self()) : core::unpark(who);
  }

private:
  core::spinlock lock;
  core::ticket *waiter = nullptr;
  bool signalled = false;
  bool next = false;
};

} // namespace sluice::test
