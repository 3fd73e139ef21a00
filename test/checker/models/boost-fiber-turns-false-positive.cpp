// Fibers of one thread take turns, and the one that was started first waits before the other notifies. Tasks are
// explored as if they ran at once: which scheduler a program has, and on how many threads, is not known.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes %s -- -std=c++20
// XFAIL: *
#include <boost/fiber/all.hpp>

namespace fibers = boost::fibers;

void waitsFirstOk() {
  fibers::mutex door;
  fibers::condition_variable bell;
  fibers::fiber sleeper(fibers::launch::dispatch, [&] {
    std::unique_lock<fibers::mutex> hold(door);
    bell.wait(hold);
  });
  fibers::fiber caller(fibers::launch::dispatch, [&] { bell.notify_one(); });
  sleeper.join();
  caller.join();
}
