// Who deletes the scheduler waits for its tasks, so that what they refer to outlives them. No word of the
// models says yet that a call waits for all tasks.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes %s -- -std=c++20 -I%S/Inputs
// XFAIL: *
#include "marl.h"

#include <atomic>

int countedOk() {
  std::atomic<int> counter = 0;
  for (int i = 0; i != 10; ++i)
    marl::schedule([&] { ++counter; });
  auto scheduler = marl::Scheduler::get();
  scheduler->unbind();
  delete scheduler;
  return counter;
}
