// Waits until tasks wait, for tests whose order must not hang on how fast a machine is.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#pragma once

#include "core/park.hpp"
#include "core/registry.hpp"
#include "core/task.hpp"

#include <sluice/task.hpp>

namespace sluice::test {

/// Returns when `n` tasks that the calling task has started are blocked for `reason`.
inline void until_waiting(core::wait_reason reason, int n) {
  struct count {
    core::wait_reason reason;
    std::uint64_t parent;
    int found;
  } c{reason, core::self()->id, 0};
  for (; c.found < n; yield()) {
    c.found = 0;
    core::for_each_task(
        [](core::task &t, void *arg) {
          auto &c = *static_cast<count *>(arg);
          if (t.state == core::run_state::blocked && t.reason == c.reason && t.parent == c.parent)
            ++c.found;
        },
        &c);
    if (c.found >= n)
      return;
  }
}

} // namespace sluice::test
