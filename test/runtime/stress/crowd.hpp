// Tasks and threads that work on the same thing at the same time.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "chance.hpp"

#include <sluice/wait_group.hpp>

#include <thread>
#include <utility>
#include <vector>

namespace sluice::test {

/// Starts members and waits for them; whether one is a task or a thread, the seed decides.
class crowd {
public:
  explicit crowd(chance &random) : random(random) {}
  crowd(const crowd &) = delete;
  ~crowd() { wait(); }

  /// A member that runs `f(own)`, `own` being its own source of decisions.
  template <class F> void add(F f) {
    active.add();
    auto body = [this, f = std::move(f), own = random.split()]() mutable {
      f(own);
      active.done();
    };
    if (random.one_in(6))
      threads.emplace_back(std::move(body));
    else
      go(std::move(body));
  }
  /// The same for one that must be a task.
  template <class F> void add_task(F f) {
    active.add();
    go([this, f = std::move(f), own = random.split()]() mutable {
      f(own);
      active.done();
    });
  }
  /// A member that cancels one of two, and a while later both.
  template <class Cancellable> void add_canceller(Cancellable &a, Cancellable &b) {
    add([&a, &b](chance &own) {
      chance::spin(own.below(1500));
      (own.one_in(2) ? a : b).cancel();
      own.pause();
      a.cancel();
      b.cancel();
    });
  }
  /// Returns when all members have ended.
  void wait() {
    active.wait();
    for (std::thread &t : threads)
      t.join(); // at its end by now
    threads.clear();
  }

private:
  chance &random;
  wait_group active;
  std::vector<std::thread> threads;
};

} // namespace sluice::test
