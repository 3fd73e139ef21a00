// Guards that are kept in a tuple release their locks with it.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// RUN: sluice check --no-fixes --checks=-undirected-channel %s -- %flags
// XFAIL: *
// What ends with a tuple is not followed.
#include <mutex>
#include <tuple>

void bothOk() {
  std::mutex a, b;
  {
    std::lock(a, b);
    auto both = std::make_tuple(std::unique_lock<std::mutex>(a, std::adopt_lock),
                                std::unique_lock<std::mutex>(b, std::adopt_lock));
  }
  std::lock_guard lock(a);
}
