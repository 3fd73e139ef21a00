// A task that waits for a channel which only what a test names can reach.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "program.hpp"

#include <array>
#include <string>

namespace leaks {

using line = sluice::chan<int>;

/// Starts it, and is told when it has ended.
class parked {
public:
  /// The channel that the task waits for; nobody else has it.
  line start() {
    left.add(1);
    line c;
    sluice::go([c, this] {
      c.recv();
      left.done();
    });
    return c;
  }
  void expect_end() { left.wait(); }

private:
  sluice::wait_group left;
};

/// Has `put` hold the channel, in a task that then ends with all its stale copies; judges; and
/// wakes the task by what `get` finds there.
template <class Put, class Get> void hold(Put put, Get get) {
  parked p;
  sluice::async([&] { put(p.start()); }).get();
  judge_here(1);
  get().send(1);
  p.expect_end();
}

} // namespace leaks
